package sh.cinch.releaseworker.source;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import sh.cinch.service.config.Environment;

/**
 * Which hosts files may be fetched from. Nothing is allowed that is not named.
 *
 * @param hosts at public addresses only
 * @param privateHosts at private addresses and on this machine as well
 */
public record SourceRules(List<AllowedHost> hosts, List<AllowedHost> privateHosts) {

  static final String HOSTS = "CINCH_SOURCE_HOSTS";
  static final String PRIVATE_HOSTS = "CINCH_SOURCE_PRIVATE_HOSTS";

  /** How far a host may be followed. */
  enum Admission {
    NONE,
    PUBLIC,
    PRIVATE
  }

  public SourceRules {
    hosts = List.copyOf(hosts);
    privateHosts = List.copyOf(privateHosts);
  }

  public static SourceRules from(Environment environment) {
    return new SourceRules(
        read(environment, HOSTS, AllowedHost::of),
        read(environment, PRIVATE_HOSTS, SourceRules::byName));
  }

  Admission admission(WebAddress address) {
    if (privateHosts.stream().anyMatch(host -> host.matches(address))) {
      return Admission.PRIVATE;
    }
    return hosts.stream().anyMatch(host -> host.matches(address))
        ? Admission.PUBLIC
        : Admission.NONE;
  }

  private static AllowedHost byName(String entry) {
    if (entry.contains("*")) {
      throw new IllegalArgumentException("a private host is allowed by its whole name, without *");
    }
    return AllowedHost.of(entry);
  }

  private static List<AllowedHost> read(
      Environment environment, String setting, Function<String, AllowedHost> parser) {
    List<AllowedHost> allowed = new ArrayList<>();
    String[] entries =
        environment.optional(setting).map(list -> list.split(",", -1)).orElse(new String[0]);
    for (int i = 0; i < entries.length; i++) {
      try {
        allowed.add(parser.apply(entries[i].strip()));
      } catch (IllegalArgumentException e) {
        environment.problem(
            setting,
            "entry %d is not a host such as files.example.com or files.example.com:8443: %s"
                .formatted(i + 1, e.getMessage()));
      }
    }
    return allowed;
  }
}
