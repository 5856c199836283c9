package sh.cinch.local.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How to start a stack.
 *
 * @param home where its data, keys and addresses are kept
 * @param fresh forget what the last stack left there
 * @param simulator a Bitbucket on localhost in the place of the real one
 * @param usualPorts try the usual ports first
 * @param environment for the real Bitbucket, and for {@code CINCH_SERVERS}
 * @param exitGrace how long the caller's own shutdown hook may take before it closes the stack
 * @param progress lines for people
 */
public record StackOptions(
    Path home,
    boolean fresh,
    boolean simulator,
    boolean usualPorts,
    Map<String, String> environment,
    Duration exitGrace,
    Consumer<String> progress) {}
