package sh.cinch.schema.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a record names a repository: by its {@code id}, or by {@code forge} and {@code fullName}.
 *
 * @param forge as the contract has it, also where the sender gave its short name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RepositoryRef(@Nullable UUID id, @Nullable String forge, @Nullable String fullName) {

  public RepositoryRef {
    forge = Field.optionalName(forge, "repository.forge");
    forge = forge == null ? null : Repository.forge(forge);
    fullName = Field.optionalName(fullName, "repository.fullName");
    if (id == null && (forge == null || fullName == null)) {
      throw new IllegalArgumentException(
          "field 'repository' names none: give its id, or forge and fullName");
    }
  }

  public static RepositoryRef byId(UUID id) {
    return new RepositoryRef(id, null, null);
  }

  /** For people: the id where there is one. */
  @Override
  public String toString() {
    return id != null ? id.toString() : forge + " " + fullName;
  }
}
