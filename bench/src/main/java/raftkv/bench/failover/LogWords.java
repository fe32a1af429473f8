package raftkv.bench.failover;

import java.util.regex.Pattern;

/**
 * How a kind of node tells of elections.
 *
 * @param stamp finds the time of a line, as ISO 8601, in its first group
 * @param suspects the leader is given up, and the election begins
 * @param candidate votes are asked for in a new term
 * @param elected it leads
 * @param story what is worth to be shown of a long gap
 */
record LogWords(
    Pattern stamp, Pattern suspects, Pattern candidate, Pattern elected, Pattern story) {

  static final LogWords KV =
      new LogWords(
          Pattern.compile("^(\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z)"),
          Pattern.compile("starting pre-vote"),
          Pattern.compile("became candidate"),
          Pattern.compile("elected leader for term"),
          Pattern.compile("leader|elected|vote|candidate|stepping|timeout|lost|connect|stop|disk"));

  static final LogWords ETCD =
      new LogWords(
          Pattern.compile("\"ts\":\"(\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z)"),
          Pattern.compile("is starting a new election"),
          Pattern.compile("became candidate"),
          Pattern.compile("became leader at term"),
          Pattern.compile("leader|elect|vote|candidate|lost|slow|overload|transfer"));
}
