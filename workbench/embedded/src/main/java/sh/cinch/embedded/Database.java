package sh.cinch.embedded;

/**
 * How to reach a PostgreSQL database with administrator's rights.
 *
 * @param url a JDBC URL, {@code jdbc:postgresql://host:port/name}
 */
public record Database(String url, String user, String password) {

  /** Without the password: this ends up in logs. */
  @Override
  public String toString() {
    return url + " as " + user;
  }
}
