package sh.cinch.embedded;

/**
 * How to reach a PostgreSQL database with administrator's rights.
 *
 * @param url a JDBC URL, {@code jdbc:postgresql://host:port/name}
 * @param password empty where the server trusts whoever reaches it from this machine
 */
public record Database(String url, String user, String password) {

  /** Without the password: this ends up in logs. */
  @Override
  public String toString() {
    return url + " as " + user;
  }
}
