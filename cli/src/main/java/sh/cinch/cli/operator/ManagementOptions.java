package sh.cinch.cli.operator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which services a command asks. */
final class ManagementOptions {

  private static final Map<String, String> USUAL =
      Map.of("token-service", "http://localhost:9081", "ingress", "http://localhost:9080");

  @Option(
      names = "--service",
      paramLabel = "NAME",
      defaultValue = "token-service",
      description = "Whose keyset it is: token-service or ingress. Default: ${DEFAULT-VALUE}.")
  private String service = "token-service";

  @Option(
      names = "--management",
      paramLabel = "URL",
      description =
          "The management port of that service; once for each instance. Default: where the service"
              + " has it on this machine, http://localhost:9081 for a token-service and 9080 for an"
              + " ingress.")
  private @Nullable List<String> management;

  /**
   * @throws IllegalArgumentException where one of them is no address, or there is no such service
   */
  List<Management> services() {
    String usual =
        Optional.ofNullable(USUAL.get(service))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--service is '%s': token-service and ingress have keysets"
                            .formatted(service)));
    return Optional.ofNullable(management).orElseGet(() -> List.of(usual)).stream()
        .map(Management::new)
        .toList();
  }
}
