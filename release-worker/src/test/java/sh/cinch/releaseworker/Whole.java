package sh.cinch.releaseworker;

import sh.cinch.testkit.SimulatedBitbucket.StoredFile;

/** A content, complete and right. */
record Whole(long size, String sha256) {

  static Whole of(byte[] bytes) {
    return new Whole(bytes.length, Project.sha256(bytes));
  }

  static Whole of(StoredFile stored) {
    return new Whole(stored.size(), stored.sha256());
  }
}
