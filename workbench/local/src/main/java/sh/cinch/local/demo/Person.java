package sh.cinch.local.demo;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.FormElement;

/** Somebody with a browser: keeps cookies, follows links and redirects, fills in forms. */
public final class Person {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient http =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
          .followRedirects(HttpClient.Redirect.NORMAL)
          .connectTimeout(PATIENCE)
          .build();

  public Document open(URI address) {
    return load(HttpRequest.newBuilder(address));
  }

  /** Clicks the first link that leads to an address with this path. */
  public Document follow(Document page, String path) {
    Element link = page.selectFirst("a[href$=" + path + "]");
    if (link == null) {
      throw new Unexpected("the page %s has no link to %s".formatted(page.location(), path));
    }
    return open(URI.create(link.absUrl("href")));
  }

  /**
   * Fills in the page's form and presses a button.
   *
   * @param ticked the box to tick, by its value
   * @param button name and value, where the form has more than one
   */
  public Document submit(
      Document page, String action, List<String> ticked, Map<String, String> button) {
    FormElement form =
        page.select("form[method=post][action]").forms().stream()
            .filter(candidate -> candidate.attr("action").contains(action))
            .findFirst()
            .orElseThrow(
                () ->
                    new Unexpected(
                        "the page %s has no form for %s".formatted(page.location(), action)));
    for (Element box : form.select("input[type=checkbox]")) {
      if (ticked.stream().anyMatch(box.attr("value")::contains)) {
        box.attr("checked", true);
      }
    }
    List<String> fields = new ArrayList<>();
    form.formData().forEach(field -> fields.add(pair(field.key(), field.value())));
    button.forEach((name, value) -> fields.add(pair(name, value)));
    return load(
        HttpRequest.newBuilder(URI.create(form.absUrl("action")))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    fields.stream().collect(Collectors.joining("&")))));
  }

  private Document load(HttpRequest.Builder request) {
    try {
      HttpResponse<String> page =
          http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
      if (page.statusCode() != 200) {
        throw new Unexpected("%s answered %d".formatted(page.uri(), page.statusCode()));
      }
      return Jsoup.parse(page.body(), page.uri().toString());
    } catch (IOException e) {
      throw new Unexpected("no answer: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unexpected("interrupted");
    }
  }

  private static String pair(String name, String value) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8)
        + "="
        + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
