package sh.cinch.benchmark.stand;

/** What a refresh token becomes with each use: whoever refreshes keeps the newest here. */
public final class Grant {

  private String refreshToken;

  Grant(String refreshToken) {
    this.refreshToken = refreshToken;
  }

  String refreshToken() {
    return refreshToken;
  }

  void rotated(String refreshToken) {
    this.refreshToken = refreshToken;
  }
}
