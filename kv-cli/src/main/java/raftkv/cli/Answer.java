package raftkv.cli;

import java.io.PrintStream;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import raftkv.client.AnsweredBy;
import raftkv.client.KvEntry;
import raftkv.client.KvValue;

/** Prints results in the format that was asked for. */
final class Answer {
  private final Format format;
  private final PrintStream out;
  private final PrintStream err;

  Answer(Root root) {
    this.format = root.format();
    this.out = root.terminal().out();
    this.err = root.terminal().err();
  }

  boolean isJson() {
    return format == Format.JSON;
  }

  /** A sentence in text and raw, an object in JSON. */
  void say(String sentence, Json json) {
    out.println(isJson() ? json.toString() : sentence);
  }

  /** A definite no: a sentence on stderr, so that what is piped on stays clean. */
  void sayNo(String sentence, Json json) {
    if (isJson()) {
      out.println(json);
    } else {
      err.println("kv-cli: " + sentence);
    }
  }

  /** An aside for people, on stderr, at once: the call may be interrupted. */
  void note(String sentence) {
    err.println("kv-cli: " + sentence);
    err.flush();
  }

  /** A value: bare, or inside of its entry in JSON. */
  void value(KvEntry entry, AnsweredBy by) {
    if (isJson()) {
      out.println(entry(entry).with("found", true).with("node", by.nodeId()));
      return;
    }
    bytes(entry.value());
    if (format == Format.TEXT) {
      out.println();
    }
  }

  /** One entry of a list. */
  void listed(KvEntry entry, boolean withValue) {
    if (isJson()) {
      out.println(withValue ? entry(entry) : metadata(entry));
      return;
    }
    out.print(entry.key());
    if (withValue) {
      out.print('\t');
      bytes(entry.value());
    }
    out.println();
  }

  private void bytes(KvValue value) {
    if (value instanceof KvValue.Text text) {
      out.print(text.text());
    } else {
      byte[] bytes = value.toBytes();
      out.write(bytes, 0, bytes.length);
    }
  }

  /** An entry as JSON; bytes as base64 under a name of their own, as in the gRPC API. */
  static Json entry(KvEntry entry) {
    Json json = new Json().with("key", entry.key());
    if (entry.value() instanceof KvValue.Text text) {
      json.with("value", text.text());
    } else {
      json.with("value_bytes", Base64.getEncoder().encodeToString(entry.value().toBytes()));
    }
    return withVersions(json, entry);
  }

  static Json metadata(KvEntry entry) {
    return withVersions(new Json().with("key", entry.key()), entry);
  }

  private static Json withVersions(Json json, KvEntry entry) {
    return json.with("mod_index", entry.modIndex())
        .with("create_index", entry.createIndex())
        .with("version", entry.version());
  }

  /** A value inside of a sentence. */
  static String shown(@Nullable KvEntry entry) {
    return entry == null
        ? "the key does not exist"
        : "the current value is '" + entry.value().toText() + "', mod index " + entry.modIndex();
  }

  /** What a repeated request says of itself. */
  static String duplicateMark(AnsweredBy by) {
    return by.deduplicated() ? " (duplicate: this is the first request's answer)" : "";
  }
}
