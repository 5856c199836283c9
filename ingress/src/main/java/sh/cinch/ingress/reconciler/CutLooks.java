package sh.cinch.ingress.reconciler;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.database.ingress.tables.records.RepositoryRecord;
import sh.cinch.ingress.connecting.connection.Connection;

/**
 * Looks that go on where they were cut, in the memory of the instance that began them: else a list
 * that is longer than what an account has left at a time would be begun for ever. Another instance
 * begins its own, and each gets to the end.
 */
final class CutLooks {

  /** Of all together, some 30 MB; beyond that the oldest look begins anew. */
  private static final int MOST_REFS = 100_000;

  private final Map<UUID, CutLook> looks = new LinkedHashMap<>();
  private long refs;

  /** It is not kept meanwhile. */
  synchronized Optional<CutLook> take(RepositoryRecord row, Connection.Used credential) {
    return remove(row.getId()).filter(look -> look.isOf(row, credential));
  }

  synchronized void keep(CutLook look) {
    Optional<CutLook> unused = remove(look.repository());
    looks.put(look.repository(), look);
    refs += look.reading().size();
    Iterator<CutLook> oldest = looks.values().iterator();
    while (refs > MOST_REFS && looks.size() > 1) {
      refs -= oldest.next().reading().size();
      oldest.remove();
    }
  }

  private Optional<CutLook> remove(UUID repository) {
    Optional<CutLook> look = Optional.ofNullable(looks.remove(repository));
    look.ifPresent(one -> refs -= one.reading().size());
    return look;
  }
}
