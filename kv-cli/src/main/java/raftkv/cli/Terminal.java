package raftkv.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a command knows of the world.
 *
 * @param environment for KV_ENDPOINTS
 */
public record Terminal(
    PrintStream out, PrintStream err, InputStream in, Map<String, String> environment) {}
