package sh.cinch.simulator.http;

/**
 * Where links lead: the API and the site share one address here.
 *
 * @param base scheme, host and port, without a slash at the end
 */
public record Site(String base) {

  public String api(String path) {
    return base + "/2.0" + path;
  }

  public String page(String path) {
    return base + path;
  }
}
