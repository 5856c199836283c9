package sh.cinch.bitbucket.client;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why Bitbucket refused, as far as its body says so. Real bodies differ from the documented
 * envelope, so every part may be missing.
 *
 * @param message never empty; our own words where the body has none
 * @param detail text, or the JSON of an object
 * @param fields what is wrong with each field of the request
 * @param grantedScopes what the credential may do; empty where not told
 * @param requiredScopes what the call needs; empty where not told
 * @param raw the beginning of the body, at most {@link #LONGEST_RAW} characters
 */
public record ApiError(
    String message,
    @Nullable String detail,
    Map<String, List<String>> fields,
    Set<String> grantedScopes,
    Set<String> requiredScopes,
    String raw) {
  public static final int LONGEST_RAW = 500;

  public ApiError {
    fields = Map.copyOf(fields);
    grantedScopes = Set.copyOf(grantedScopes);
    requiredScopes = Set.copyOf(requiredScopes);
  }
}
