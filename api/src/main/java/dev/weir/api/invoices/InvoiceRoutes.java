package dev.weir.api.invoices;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Page;
import dev.weir.api.http.Permission;
import dev.weir.invoicing.Invoice;
import dev.weir.invoicing.InvoiceFilter;
import dev.weir.invoicing.InvoiceOrder;
import dev.weir.invoicing.InvoiceStatus;
import dev.weir.invoicing.Invoices;
import dev.weir.invoicing.InvoicingError;
import dev.weir.invoicing.explain.ExplainRequest;
import dev.weir.invoicing.explain.ExplanationText;
import dev.weir.invoicing.explain.InvoiceExplainer;
import dev.weir.invoicing.explain.InvoiceExplanation;
import dev.weir.metering.Refusal;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** {@code /api/billing/invoices}: list, read, explain, finalise, void, give up. */
public final class InvoiceRoutes {

  private static final String ROOT = "/api/billing/invoices";

  private final Answers answers;
  private final Invoices invoices;
  private final InvoiceExplainer explainer;

  public InvoiceRoutes(Answers answers, Invoices invoices, InvoiceExplainer explainer) {
    this.answers = answers;
    this.invoices = invoices;
    this.explainer = explainer;
  }

  /** Adds the routes; authentication and the body handler come before them. */
  public void mount(Router router) {
    router.get(ROOT).handler(this::list);
    router.get(ROOT + "/:id").handler(this::get);
    router.get(ROOT + "/:id/items").handler(this::items);
    router.get(ROOT + "/:id/explain").handler(this::explain);
    router.post(ROOT + "/:id/finalize").handler(this::finalizeDraft);
    router.post(ROOT + "/:id/void").handler(this::voidOpen);
    router.post(ROOT + "/:id/uncollectible").handler(this::markUncollectible);
  }

  private void list(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    Page page = Page.of(context);
    QueryParameters query = new QueryParameters(context);
    String sort = query.text("sort");
    Future<Answers.PageOf<Invoice>> work = invoices
        .list(
            caller.tenantId(),
            filter(query),
            sort == null ? InvoiceOrder.NEWEST_FIRST : InvoiceOrder.parse(sort),
            page.limit(),
            page.offset())
        .map(slice -> new Answers.PageOf<>(slice.items(), slice.total()));
    answers.sendPage(context, page, work, InvoiceWire::invoice);
  }

  private static InvoiceFilter filter(QueryParameters query) {
    String status = query.text("status");
    return new InvoiceFilter(
        status == null ? null : InvoiceStatus.parse(status, "status"),
        query.id("customerId"),
        query.id("subscriptionId"),
        query.instant("from"),
        query.instant("to"),
        query.text("search"));
  }

  private void get(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    answers.send(context, 200, invoices.find(caller.tenantId(), id(context)), InvoiceWire::invoice);
  }

  private void items(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    answers.send(
        context,
        200,
        invoices.items(caller.tenantId(), id(context)),
        found -> found.items().stream().map(InvoiceWire::item).toList());
  }

  private void explain(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    QueryParameters query = new QueryParameters(context);
    if (query.flag("events")) {
      throw new Refusal(
          InvoicingError.EXPLAIN_EVENTS_UNSUPPORTED,
          "events",
          "Explanations go down to usage windows, not to events yet; leave 'events' out.");
    }
    ExplainRequest request = new ExplainRequest(
        query.text("line"),
        ExplainRequest.windowSize(query.text("window")),
        Page.of(context).number());
    Future<InvoiceExplanation> work = explainer.explain(caller.tenantId(), id(context), request);
    if (wantsText(context)) {
      work.map(ExplanationText::of)
          .onSuccess(text -> context
              .response()
              .putHeader("Content-Type", "text/plain; charset=utf-8")
              .end(text))
          .onFailure(context::fail);
    } else {
      answers.send(context, 200, work, ExplanationWire::explanation);
    }
  }

  /** Text only for those who ask for it and not for JSON as well. */
  private static boolean wantsText(RoutingContext context) {
    String accept = context.request().getHeader("Accept");
    return accept != null && accept.contains("text/plain") && !accept.contains("json");
  }

  private void finalizeDraft(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.BILL);
    answers.send(
        context, 200, invoices.finalizeDraft(caller.tenantId(), id(context)), InvoiceWire::invoice);
  }

  private void voidOpen(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.BILL);
    answers.send(
        context,
        200,
        invoices.voidOpen(caller.tenantId(), id(context), reason(context)),
        InvoiceWire::invoice);
  }

  private void markUncollectible(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.BILL);
    answers.send(
        context,
        200,
        invoices.markUncollectible(caller.tenantId(), id(context), reason(context)),
        InvoiceWire::invoice);
  }

  /** The body is optional: {@code {"reason":"…"}}. */
  private static @Nullable String reason(RoutingContext context) {
    return context.body().buffer() == null || context.body().buffer().length() == 0
        ? null
        : Answers.body(context).allow("reason").optionalText("reason");
  }

  private static String id(RoutingContext context) {
    return context.pathParam("id");
  }
}
