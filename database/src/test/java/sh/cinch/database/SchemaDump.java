package sh.cinch.database;

import java.util.List;
import java.util.stream.Stream;
import org.jooq.DSLContext;

/** A database's schemas as the statements that make them, with what Flyway has noted of them. */
final class SchemaDump {

  private static final String OURS = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

  private static final List<String> STATEMENTS =
      List.of(
          """
          select format('create schema %I', n.nspname) from pg_namespace n
          where OURS and n.nspname <> 'public' order by 1
          """,
          """
          select format(E'create table %I.%I (\\n  %s\\n)', n.nspname, c.relname,
            string_agg(
              format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
              || case when a.attidentity = 'a' then ' generated always as identity' else '' end
              || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
              || case when a.attnotnull then ' not null' else '' end,
              E',\\n  ' order by a.attname))
          from pg_class c
          join pg_namespace n on n.oid = c.relnamespace
          join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
          where c.relkind = 'r' and OURS
          group by n.nspname, c.relname order by n.nspname, c.relname
          """,
          """
          select format('alter table %I.%I add constraint %I %s',
            n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
          from pg_constraint k
          join pg_class c on c.oid = k.conrelid
          join pg_namespace n on n.oid = c.relnamespace
          where k.contype in ('p', 'u', 'c', 'f') and OURS
          order by k.contype = 'f', n.nspname, c.relname, k.conname
          """,
          """
          select pg_get_indexdef(i.indexrelid)
          from pg_index i
          join pg_class c on c.oid = i.indexrelid
          join pg_namespace n on n.oid = c.relnamespace
          where OURS and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
          order by 1
          """,
          """
          select format('comment on table %I.%I is %L', n.nspname, c.relname,
            obj_description(c.oid, 'pg_class'))
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind = 'r' and OURS and obj_description(c.oid, 'pg_class') is not null
          order by 1
          """,
          """
          select format('comment on column %I.%I.%I is %L', n.nspname, c.relname, a.attname,
            col_description(c.oid, a.attnum))
          from pg_class c
          join pg_namespace n on n.oid = c.relnamespace
          join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          where c.relkind = 'r' and OURS and col_description(c.oid, a.attnum) is not null
          order by 1
          """,
          """
          select format('insert into public.flyway_schema_history (installed_rank, version,'
            || ' description, type, script, checksum, installed_by, execution_time, success)'
            || ' values (%s, %L, %L, %L, %L, %s, ''cinch'', 0, true)',
            installed_rank, version, description, type, script, checksum)
          from public.flyway_schema_history order by installed_rank
          """);

  private SchemaDump() {}

  /** In an order in which they can be run. */
  static List<String> of(DSLContext sql) {
    return STATEMENTS.stream()
        .map(statement -> statement.replace("OURS", OURS))
        .flatMap(statement -> sql.resultQuery(statement).fetchInto(String.class).stream())
        .toList();
  }

  static String text(DSLContext sql) {
    return String.join(";\n", of(sql)) + ";\n";
  }

  /** The statements of such a text. */
  static Stream<String> statements(String text) {
    return Stream.of(text.split(";\\n")).filter(statement -> !statement.isBlank());
  }
}
