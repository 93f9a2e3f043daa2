using System.Net;
using System.Net.Http.Json;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Refit;

namespace Cdr.Support.Tests.Features;

public sealed class AuthorisationTests : HostTests
{
    private static readonly string[] Readers = [CdrRoles.Clerk, CdrRoles.Referent, CdrRoles.FunctionalCorrespondent, CdrRoles.GroupManager, CdrRoles.Hotline, CdrRoles.RegimeAgent];
    private static readonly string[] Movers = [CdrRoles.Clerk, CdrRoles.Referent, CdrRoles.Hotline, CdrRoles.RegimeAgent];
    private static readonly string[] Openers = [CdrRoles.Clerk, CdrRoles.Referent, CdrRoles.Hotline];
    private static readonly string[] Importers = [CdrRoles.Hotline, CdrRoles.Operations, CdrRoles.Administrator];

    private static readonly string[] Owners = [CdrRoles.RegimeAgent, CdrRoles.GroupManager];
    private static readonly string[] Announcers = [CdrRoles.Hotline, CdrRoles.RegimeAgent];

    private const string Fourth = "01900000-0000-7000-8000-000000000004";
    private const string Third = "01900000-0000-7000-8000-000000000003";
    private const string Id = "01900000-0000-7000-8000-000000000001";
    private const string Other = "01900000-0000-7000-8000-000000000002";

    /// <summary>Who is let in, and what they are answered then.</summary>
    private static readonly (string Verb, string Path, string[] Roles, HttpStatusCode Status)[] Doors =
    [
        ("GET", "/api/support/tickets", Readers, HttpStatusCode.OK),
        ("GET", $"/api/support/tickets/{Id}", Readers, HttpStatusCode.NotFound),
        ("POST", "/api/support/numbers", Readers, HttpStatusCode.NotFound),
        ("POST", "/api/support/tickets", Openers, HttpStatusCode.BadRequest),
        ("POST", $"/api/support/tickets/{Id}/moves", Movers, HttpStatusCode.NotFound),
        ("GET", $"/api/support/tickets/{Id}/evidence", Movers, HttpStatusCode.NotFound),
        ("GET", $"/api/support/tickets/{Id}/evidence/{Fourth}", Movers, HttpStatusCode.NotFound),
        ("GET", $"/api/support/tickets/{Id}/attachments", Movers, HttpStatusCode.NotFound),
        ("POST", $"/api/support/tickets/{Id}/attachments", Movers, HttpStatusCode.NotFound),
        ("GET", $"/api/support/tickets/{Id}/attachments/{Other}", Movers, HttpStatusCode.NotFound),
        ("POST", $"/api/support/tickets/{Id}/looking", [CdrRoles.Hotline, CdrRoles.RegimeAgent], HttpStatusCode.NotFound),
        ("POST", "/api/support/discrepancies", [CdrRoles.Clerk], HttpStatusCode.BadRequest),
        ("GET", "/api/support/figures?from=2026-01-01&to=2026-01-31", Readers, HttpStatusCode.OK),
        ("GET", "/api/support/tickets/export.csv", Readers, HttpStatusCode.OK),
        ("GET", "/api/support/causes", Readers, HttpStatusCode.OK),
        ("PUT", "/api/support/causes/{code}", [CdrRoles.Hotline], HttpStatusCode.BadRequest),
        ("GET", "/api/support/causes/{code}/versions", [CdrRoles.Hotline], HttpStatusCode.NotFound),
        ("GET", "/api/support/templates", [CdrRoles.Hotline], HttpStatusCode.OK),
        ("PUT", $"/api/support/templates/{Id}", [CdrRoles.Hotline], HttpStatusCode.BadRequest),
        ("GET", $"/api/support/templates/{Id}/versions", [CdrRoles.Hotline], HttpStatusCode.NotFound),
        ("GET", "/api/support/notices", Readers, HttpStatusCode.OK),
        ("GET", "/api/support/notices/count", Readers, HttpStatusCode.OK),
        ("POST", "/api/support/notices/reading", Readers, HttpStatusCode.NoContent),
        ("POST", $"/api/support/notices/{Id}/reading", Readers, HttpStatusCode.NotFound),
        ("GET", "/api/support/establishment", [CdrRoles.Clerk, CdrRoles.Referent], HttpStatusCode.OK),
        ("PUT", "/api/support/establishment", [CdrRoles.Referent], HttpStatusCode.OK),
        ("GET", "/api/support/organisms", [.. CdrRoles.All], HttpStatusCode.OK),
        ("POST", "/api/support/organisms?version=1&from=2026-01-01", Importers, HttpStatusCode.BadRequest),
        ("POST", "/api/support/searches", Movers, HttpStatusCode.BadRequest),
        ("GET", "/api/support/webhooks", Owners, HttpStatusCode.OK),
        ("POST", "/api/support/webhooks", Owners, HttpStatusCode.BadRequest),
        ("POST", $"/api/support/webhooks/{Id}/enabling", Owners, HttpStatusCode.NotFound),
        ("DELETE", $"/api/support/webhooks/{Id}", Owners, HttpStatusCode.NotFound),
        ("GET", $"/api/support/webhooks/{Id}/deliveries", Owners, HttpStatusCode.NotFound),
        ("POST", $"/api/support/webhooks/{Id}/deliveries/{Third}/replay", Owners, HttpStatusCode.NotFound),
        ("GET", "/api/support/mail", Readers, HttpStatusCode.OK),
        ("PUT", "/api/support/mail", Readers, HttpStatusCode.BadRequest),
        ("PUT", "/api/support/mail/address", Readers, HttpStatusCode.Conflict),
        ("POST", "/api/support/mail/address/confirmation", Readers, HttpStatusCode.Conflict),
        ("DELETE", "/api/support/mail/address", Readers, HttpStatusCode.OK),
        ("GET", "/api/support/knowledge", [.. CdrRoles.All], HttpStatusCode.OK),
        ("POST", "/api/support/knowledge/searches", [.. CdrRoles.All], HttpStatusCode.BadRequest),
        ("POST", "/api/support/knowledge/suggestions", Openers, HttpStatusCode.BadRequest),
        ("GET", $"/api/support/knowledge/{Id}", [.. CdrRoles.All], HttpStatusCode.NotFound),
        ("GET", $"/api/support/knowledge/{Id}/versions", [CdrRoles.Hotline], HttpStatusCode.NotFound),
        ("POST", "/api/support/knowledge", [CdrRoles.Hotline], HttpStatusCode.BadRequest),
        ("POST", "/api/support/knowledge/drafts", [CdrRoles.Hotline], HttpStatusCode.NotFound),
        ("POST", $"/api/support/knowledge/{Id}/versions", [CdrRoles.Hotline], HttpStatusCode.BadRequest),
        ("POST", $"/api/support/knowledge/{Id}/publication", [CdrRoles.Hotline], HttpStatusCode.NotFound),
        ("POST", $"/api/support/knowledge/{Id}/withdrawal", [CdrRoles.Hotline], HttpStatusCode.NotFound),
        ("PUT", $"/api/support/knowledge/{Id}/vote", [.. CdrRoles.All], HttpStatusCode.NotFound),
        ("GET", "/api/support/information", [.. CdrRoles.All], HttpStatusCode.OK),
        ("GET", "/api/support/announcements", Announcers, HttpStatusCode.OK),
        ("POST", "/api/support/announcements", Announcers, HttpStatusCode.BadRequest),
        ("POST", $"/api/support/announcements/{Id}/versions", Announcers, HttpStatusCode.NotFound),
        ("POST", $"/api/support/announcements/{Id}/withdrawal", Announcers, HttpStatusCode.NotFound),
        ("GET", $"/api/support/announcements/{Id}/versions", Announcers, HttpStatusCode.NotFound),
        ("GET", "/api/support/incidents", [.. CdrRoles.All], HttpStatusCode.OK),
        ("GET", $"/api/support/incidents/{Id}", [.. CdrRoles.All], HttpStatusCode.NotFound),
        ("POST", "/api/support/incidents", [CdrRoles.Hotline], HttpStatusCode.BadRequest),
        ("POST", $"/api/support/incidents/{Id}/notes", [CdrRoles.Hotline], HttpStatusCode.NotFound),
        ("POST", $"/api/support/incidents/{Id}/tickets", [CdrRoles.Hotline], HttpStatusCode.NotFound),
        ("POST", $"/api/support/incidents/{Id}/solution", [CdrRoles.Hotline], HttpStatusCode.NotFound),
        ("GET", $"/api/support/tickets/{Id}/incident", Readers, HttpStatusCode.NotFound),
        ("GET", "/openapi/support.json", [.. CdrRoles.All, "surgeon"], HttpStatusCode.OK),
    ];

    [Fact]
    public async Task Each_role_is_answered_as_the_matrix_says()
    {
        foreach (var (verb, path, roles, status) in Doors)
        {
            foreach (var role in CdrRoles.All.Append("surgeon"))
            {
                using var request = new HttpRequestMessage(new HttpMethod(verb), path) { Content = Body(verb, path) };
                using var response = await Host.ClientOf(Token(role, regime: "test-regime")).SendAsync(request, Cancel);
                Assert.True(response.StatusCode == (roles.Contains(role) ? status : HttpStatusCode.Forbidden), $"{role} {verb} {path}: {response.StatusCode}");
            }

            using var nobody = new HttpRequestMessage(new HttpMethod(verb), path) { Content = Body(verb, path) };
            using var refused = await Host.ClientOf(null).SendAsync(nobody, Cancel);
            Assert.True(path.Contains("openapi", StringComparison.Ordinal) || refused.StatusCode == HttpStatusCode.Unauthorized, $"nobody {verb} {path}: {refused.StatusCode}");
            using var service = new HttpRequestMessage(new HttpMethod(verb), path) { Content = Body(verb, path) };
            using var alone = await Host.ClientOf(Token(CdrRoles.Hotline, kind: SubjectKinds.Service)).SendAsync(service, Cancel);
            Assert.True(path.Contains("openapi", StringComparison.Ordinal) || alone.StatusCode == HttpStatusCode.Forbidden, $"a service {verb} {path}: {alone.StatusCode}");
        }
    }

    [Fact]
    public void The_matrix_names_every_endpoint_that_the_host_answers_to() => Assert.Equal(
        // Whoever has a message unsubscribes with what is in it, and no session; whoever cannot sign in reads what to do.
        MappedEndpoints.Of(Host.Services).Where(one => !one.Contains("/unsubscriptions/", StringComparison.Ordinal) && one is not ("GET /api/support/knowledge/public" or "GET /api/support/knowledge/public/{id}")),
        Doors.Where(door => door.Path.StartsWith("/api/", StringComparison.Ordinal))
            .Select(door => $"{door.Verb} {door.Path.Split('?')[0].Replace(Id, "{id}", StringComparison.Ordinal).Replace(Other, "{attachment}", StringComparison.Ordinal).Replace(Third, "{delivery}", StringComparison.Ordinal).Replace(Fourth, "{answer}", StringComparison.Ordinal)}").Distinct().Order(StringComparer.Ordinal));

    /// <summary>Role by role, their own ticket and another's: list, read, find, evidence and every move.</summary>
    [Fact]
    public async Task Nobody_sees_or_moves_what_is_not_theirs()
    {
        var mine = await ReadyToTransferAsync();
        await MoveAsync(Hotline, mine, TicketAction.Transfer);
        var draft = await Clerk.OpenAsync(Technical(), Cancel);
        var foreign = await Api(CdrRoles.Referent, "referent-9", Elsewhere).OpenAsync(Technical(send: true), Cancel);

        (string Who, ISupportApi Api, bool Mine, bool Draft, bool Foreign)[] readers =
        [
            ("clerk", Clerk, true, true, false),
            ("a colleague", Api(CdrRoles.Clerk, "clerk-2"), true, true, false),
            ("referent", Referent, true, true, false),
            ("correspondent", Api(CdrRoles.FunctionalCorrespondent, "fc-1"), true, true, false),
            ("another establishment's clerk", Api(CdrRoles.Clerk, "clerk-9", Elsewhere), false, false, true),
            ("the group's manager", Manager("ght-75"), true, true, true),
            ("another group's manager", Manager("ght-13"), false, false, false),
            ("hotline", Hotline, true, false, true),
            ("the organism", Organism, true, false, false),
            ("its caisse", Caisse("01751"), true, false, false),
            ("another caisse of the regime", Caisse("01671"), false, false, false),
            ("a caisse of that code of another regime", Caisse("01751", "other-regime"), false, false, false),
            ("another organism", Api(CdrRoles.RegimeAgent, "agent-9", regime: "other-regime"), false, false, false),
        ];
        foreach (var (who, api, seesMine, seesDraft, seesForeign) in readers)
        {
            var listed = (await api.ListAsync(null, null, null, null, null, null, Cancel)).Tickets.Select(line => line.Id).ToHashSet();
            foreach (var (ticket, sees) in new[] { (mine, seesMine), (draft, seesDraft), (foreign, seesForeign) })
            {
                Assert.True(listed.Contains(ticket.Id) == sees, $"{who} lists {ticket.Number}");
                Assert.True(await SeesAsync(() => api.ReadAsync(ticket.Id, Cancel)) == sees, $"{who} reads {ticket.Number}");
                Assert.True(await SeesAsync(() => api.FindAsync(new TicketSearch { Number = ticket.Number }, Cancel)) == sees, $"{who} finds {ticket.Number}");
                if (sees)
                    continue;
                using var evidence = await api.EvidenceAsync(ticket.Id, Cancel);
                Assert.Contains(evidence.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden });
                foreach (var action in Enum.GetValues<TicketAction>())
                    Assert.False(await SeesAsync(() => api.MoveAsync(ticket.Id, new TicketMove { Action = action, Text = "…" }, Cancel)), $"{who} {action} {ticket.Number}");
                using var file = new ByteArrayContent(Attachments.HostileFileTests.Png());
                file.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/octet-stream");
                using var attached = await api.AttachAsync(ticket.Id, file, "carte.png", Guid.CreateVersion7(Clock.GetUtcNow()).ToString(), Cancel);
                Assert.Contains(attached.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden });
                Assert.False(await SeesAsync(() => api.AttachmentsAsync(ticket.Id, Cancel)), $"{who} lists the files of {ticket.Number}");
                Assert.False(await SeesAsync(() => api.LookAsync(ticket.Id, Cancel)), $"{who} looks at {ticket.Number}");
            }
        }

        Assert.Equal(mine.Version + 1, (await Hotline.ReadAsync(mine.Id, Cancel)).Version);
    }

    [Fact]
    public async Task A_session_that_ended_must_sign_in_again()
    {
        var caller = new TestCaller { Role = CdrRoles.Hotline };
        Sessions.End(caller.Session!.Value);
        using var response = await Host.ClientOf(Sessions.Mint(caller)).GetAsync("/api/support/tickets", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private ISupportApi Manager(string group) =>
        RestService.ForGenerated<ISupportApi>(Host.ClientOf(Token(CdrRoles.GroupManager, "manager-" + group, group: group)), new RefitSettings());

    private static HttpContent? Body(string verb, string path) =>
        verb == "GET" ? null
        : path.Contains("/organisms", StringComparison.Ordinal) ? new StringContent("code", Encoding.UTF8, "text/csv")
        : path.EndsWith("/moves", StringComparison.Ordinal) ? JsonContent.Create(new { action = "watch" })
        : path.EndsWith("/establishment", StringComparison.Ordinal) ? JsonContent.Create(new { directSending = false })
        : path.EndsWith("/notices/reading", StringComparison.Ordinal) ? JsonContent.Create(new NoticesRead(Guid.Parse(Id)))
        : path.EndsWith("/mail", StringComparison.Ordinal) ? JsonContent.Create(new { words = "never", progress = "never", clocks = "never", digestHour = 24 })
        : path.EndsWith("/mail/address", StringComparison.Ordinal) ? JsonContent.Create(new { address = "a@b.example" })
        : path.EndsWith("/mail/address/confirmation", StringComparison.Ordinal) ? JsonContent.Create(new { code = "12345678" })
        : path.EndsWith("/drafts", StringComparison.Ordinal) ? JsonContent.Create(new ArticleOfTicket(Guid.Parse(Id)))
        : path.EndsWith("/publication", StringComparison.Ordinal) ? JsonContent.Create(new ArticlePublication(1, 1, true))
        : path.EndsWith("/vote", StringComparison.Ordinal) ? JsonContent.Create(new ArticleVote(1, true))
        : path.Contains("/announcements/", StringComparison.Ordinal) ? JsonContent.Create(new AnnouncementText { Kind = AnnouncementKind.News, Title = "…", Markdown = "…" })
        : path.EndsWith("/notes", StringComparison.Ordinal) ? JsonContent.Create(new IncidentNoteText(IncidentState.Identified, "…", 1))
        : path.EndsWith("/numbers", StringComparison.Ordinal) ? JsonContent.Create(new { number = "123456782" })
        : path.EndsWith("/attachments", StringComparison.Ordinal) ? new ByteArrayContent([1])
        : JsonContent.Create(new { });

    private static async Task<bool> SeesAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (ApiException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            return false;
        }
    }
}
