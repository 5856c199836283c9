package sh.cinch.statusworker.outcome;

import sh.cinch.schema.event.Repository;
import sh.cinch.service.trace.Traceparent;

/**
 * A report, as far as its outcome must name it.
 *
 * @param eventId of the record that reported
 * @param version of the status's row; tells apart what happened to one report at different times
 */
public record Subject(
    Repository repository,
    String commit,
    String key,
    String eventId,
    long version,
    Traceparent trace) {}
