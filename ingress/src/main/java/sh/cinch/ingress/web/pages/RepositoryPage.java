package sh.cinch.ingress.web.pages;

import java.util.List;
import java.util.Optional;

/**
 * One repository.
 *
 * @param tokenEnds when the token that it is connected with ends, where somebody said so
 * @param administered whether the viewer may disconnect it
 * @param missing why that may not be known
 * @param webhook how its pushes come in
 * @param deliveries what came in of late
 * @param lastLook how pushes are found that do not; empty before the first look
 */
public record RepositoryPage(
    Viewer viewer,
    RepositoryItem repository,
    List<CredentialNotice> notices,
    Optional<When> tokenEnds,
    boolean administered,
    List<String> missing,
    List<PushItem> pushes,
    List<StatusItem> statuses,
    List<ReleaseItem> releases,
    WebhookItem webhook,
    DeliveryItems deliveries,
    Optional<LookItem> lastLook) {}
