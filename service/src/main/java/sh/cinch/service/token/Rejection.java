package sh.cinch.service.token;

import java.util.UUID;

/** Reports that the forge answered 401 to what was leased. */
public record Rejection(UUID leaseId) {

  public Rejection {
    TokenJson.required(leaseId, "leaseId");
  }
}
