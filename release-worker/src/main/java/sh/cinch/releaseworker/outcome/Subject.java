package sh.cinch.releaseworker.outcome;

import sh.cinch.schema.event.Repository;
import sh.cinch.service.trace.Traceparent;

/**
 * A release, as far as its outcome must name it.
 *
 * @param eventId of the record that asked for it
 * @param round tells apart what happened to it each time it was asked for
 */
public record Subject(
    Repository repository,
    String commit,
    String tag,
    String eventId,
    int round,
    Traceparent trace) {}
