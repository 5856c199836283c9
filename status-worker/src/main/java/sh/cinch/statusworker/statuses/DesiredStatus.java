package sh.cinch.statusworker.statuses;

import java.util.Optional;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.trace.Traceparent;

/**
 * What a status should show.
 *
 * @param version grows whenever something else is wanted
 * @param record that asked for it, as it came
 * @param attempts requests made for this version so far
 * @param waitingFor what it was last said to wait for
 */
public record DesiredStatus(
    StatusId status,
    long version,
    Incoming record,
    Traceparent trace,
    int attempts,
    Optional<String> waitingFor) {}
