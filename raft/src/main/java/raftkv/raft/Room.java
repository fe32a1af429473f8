package raftkv.raft;

/** Which part of the disks a proposal may take when they are full (decisions §3). */
public enum Room {
  /** What is free: refused when so many disks are full that no majority could store it. */
  FREE,
  /** The reserve as well: for what makes room, such as a delete. */
  RESERVE
}
