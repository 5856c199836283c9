package sh.cinch.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.flywaydb.core.Flyway;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import sh.cinch.embedded.Postgres;

/** Every table says who writes to it, and lies in that owner's schema. */
class OwnershipTest {

  @Test
  void everyTableNamesItsOwner() {
    try (Postgres postgres = Postgres.temporary()) {
      var database = postgres.database();
      Flyway.configure()
          .dataSource(database.url(), database.user(), database.password())
          .load()
          .migrate();
      DSLContext sql = DSL.using(database.url(), database.user(), database.password());
      List<String> comments =
          sql.resultQuery(
                  """
                  select n.nspname || ': ' || coalesce(obj_description(c.oid, 'pg_class'), 'none')
                  from pg_class c join pg_namespace n on n.oid = c.relnamespace
                  where c.relkind = 'r' and n.nspname !~ '^pg_|information_schema|public'
                  """)
              .fetchInto(String.class);
      assertThat(comments)
          .hasSizeGreaterThan(10)
          .allSatisfy(
              comment -> {
                String schema = comment.substring(0, comment.indexOf(':'));
                String owner = schema.equals("service") ? "the service " : schema.replace('_', '-');
                assertThat(comment).startsWith(schema + ": owner: " + owner);
              });
    }
  }
}
