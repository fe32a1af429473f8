package raftkv.simulation.trace;

/** Kinds of lines of a {@link Trace}: a node, and up to three numbers. */
public enum Happening {
  /** The node starts. */
  STARTED("node {n} starts in term {1} with a log up to {2}, committed up to {3}"),
  /** A process ended. */
  KILLED("node {n} is killed"),
  /** The machine went off. */
  POWER_CUT("node {n} loses power"),
  /** A process ended itself. */
  FAILED("node {n} ends itself with exit code {1}"),
  /** An empty volume. */
  WIPED("node {n} gets an empty volume"),
  /** A log was restored. */
  HEALED_LOG("node {n} has its log from its peers (as it was: {1})"),
  /** All threads stand still. */
  PAUSED("node {n} stands still for {1} us"),
  /** The loop is going to stand still. */
  PAUSED_IN_TURN("node {n} is going to stand still for {1} us in the middle of a turn"),
  /** Asked to stop. */
  STOPPING("node {n} is asked to stop"),
  /** A write for the disk. */
  APPENDED("node {n} writes ticket {1}: cut at {2}, log up to {3}"),
  /** It is durable. */
  PERSISTED("node {n} has ticket {1} on its disk"),
  /** A snapshot. */
  SNAPSHOT("node {n} has a snapshot at {1}@{2} on its disk (of a peer: {3})"),
  /** A snapshot's state. */
  RESTORED("node {n} goes on from a snapshot at {1}"),
  /** An entry was applied. */
  APPLIED("node {n} applies {1}@{2}"),
  /** A link. */
  LINK_UP("node {n} has a link to {1}"),
  /** A link. */
  LINK_DOWN("node {n} lost its link to {1}"),
  /** A cut. */
  CUT("nothing passes from {n} to {1}"),
  /** No cuts. */
  HEALED("all cuts end"),
  /** Another disk. */
  DISK_SLOW("the disk of node {n} takes {1} us a force"),
  /** A hung disk. */
  DISK_HANGS("the disk of node {n} hangs"),
  /** A failing disk. */
  DISK_FAILS("the disk of node {n} is going to fail"),
  /** A full disk. */
  DISK_FULL("the disk of node {n} has {1} bytes left"),
  /** Damage. */
  DISK_DAMAGED("the platter of node {n} is damaged at {1} of segment {2}"),
  /** A lie. */
  DISK_LIES("the disk of node {n} is going to tell a lie of kind {1}"),
  /** Another weather. */
  WEATHER("of a million messages {1} are lost, {2} doubled, {3} late"),
  /** A transfer. */
  TRANSFER("node {n} is asked to hand over to {1}"),
  /** A message. */
  PRE_VOTE("{n}@{1} -> {2} pre-vote for term {3}"),
  /** A message. */
  PRE_VOTE_REPLY("{n}@{1} -> {2} pre-vote reply {3}"),
  /** A message. */
  REQUEST_VOTE("{n}@{1} -> {2} request vote, log up to {3}"),
  /** A message. */
  REQUEST_VOTE_REPLY("{n}@{1} -> {2} vote {3}"),
  /** A message. */
  APPEND("{n}@{1} -> {2} append behind {3}"),
  /** A message. */
  APPEND_REPLY("{n}@{1} -> {2} matched {3}"),
  /** A message. */
  OTHER_MESSAGE("{n}@{1} -> {2} message of kind {3}"),
  /** A state hash. */
  DIGEST("{n} -> {2} state hash at {3}"),
  /** A message came. */
  DELIVERED("{n} has a message from {1}"),
  /** A client's request. */
  ASKED("client {n} sends copy {1} of request {2} to {3}"),
  /** A client's request. */
  ANSWERED("client {n} has an answer to request {1}: {2}, index {3}"),
  /** A client's request. */
  GAVE_UP("client {n} ends request {1} without an answer: {2}"),
  /** The end of the faults. */
  FAULTS_END("the faults end; healed are nodes by bit {1}");

  private final String words;

  Happening(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
