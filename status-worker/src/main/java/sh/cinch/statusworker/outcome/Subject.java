package sh.cinch.statusworker.outcome;

import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.statusworker.pushes.Origin;

/**
 * A report, as far as its outcome must name it.
 *
 * @param ref of its status; null where none
 * @param shownKey that its status has on the forge; null where it never had any
 * @param eventId of the record that reported
 * @param version of what the status wants; tells apart what happened to one report at different
 *     times
 */
public record Subject(
    Repository repository,
    BuildState build,
    @Nullable String ref,
    @Nullable String shownKey,
    Origin origin,
    String eventId,
    long version,
    Traceparent trace) {}
