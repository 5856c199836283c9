package sh.cinch.simulator.git;

/** The two things that git does with a repository elsewhere. */
enum GitService {
  UPLOAD_PACK("git-upload-pack"),
  RECEIVE_PACK("git-receive-pack");

  private final String word;

  GitService(String word) {
    this.word = word;
  }

  /** As addresses and media types have it. */
  String word() {
    return word;
  }

  boolean writes() {
    return this == RECEIVE_PACK;
  }
}
