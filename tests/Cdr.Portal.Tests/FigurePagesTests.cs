using System.Globalization;
using System.Net;
using System.Text;
using AngleSharp.Dom;
using Bunit;
using Cdr.Contracts.Sessions;
using Cdr.Portal.Boards;
using Cdr.Portal.Figures;
using Cdr.Portal.Identity;
using Cdr.Portal.Tests.Fakes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using TestContext = Xunit.TestContext;

namespace Cdr.Portal.Tests;

public sealed class FigurePagesTests : Circuit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private bool known;

    [Fact]
    public void Curves_and_parts_are_drawn_with_their_tables_and_files_that_keep_the_filters()
    {
        var page = Opened<UsagePage>(CdrRoles.Operations, "/usage?from=2026-01-01&to=2026-03-31&department=59&regime=cnam");

        page.WaitForElement("[data-testid=figure-repartition]", Patience);
        var summary = Platform.Seen.Single(seen => seen.Contains("/api/usage/summary", StringComparison.Ordinal));
        Assert.All((string[])["from=2026-01-01", "to=2026-03-31", "department=59", "regime=cnam"], part => Assert.Contains(part, summary, StringComparison.Ordinal));
        foreach (var figure in new[] { "mois", "cumul", "jours", "repartition" })
        {
            Assert.Equal("img", page.Find($"[data-testid=figure-{figure}] svg").GetAttribute("role"));
            Assert.NotEmpty(page.FindAll($"[data-testid=table-{figure}] tbody tr"));
            Assert.Contains("from=2026-01-01&to=2026-03-31&department=59&regime=cnam", page.Find($"[data-testid=csv-{figure}]").GetAttribute("href"), StringComparison.Ordinal);
        }

        // A curve beside another is told apart without its colour, and what is masked is said so.
        Assert.Equal(2, page.FindAll("[data-testid=figure-cumul] .drawing .curve").Count);
        Assert.Equal("masqué", page.Find("[data-testid=table-repartition] tr[data-row='2A Corse-du-Sud'] td").TextContent);
        Assert.Contains("masqué", page.Find("[data-testid=figure-repartition] svg").TextContent, StringComparison.Ordinal);
        Assert.Equal("/usage?from=2026-01-01&to=2026-03-31&department=75&regime=cnam&by=establishment", page.Find("[data-testid=table-repartition] tr[data-row='75 Paris'] a").GetAttribute("href"));
        Assert.Contains("Cnam", page.Find("[data-testid=filters-kept]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_home_page_asks_for_sums_of_fourteen_days_of_Paris_and_for_no_row_of_an_establishment()
    {
        var page = Opened<UsageTable>(CdrRoles.Operations, "/");

        page.WaitForElement("[data-testid=usage] table", Patience);
        Assert.Equal(["1\u202f240", "1\u202f234", "6", "0", "0", "4", "4", "0", "0", "0"], page.FindAll("[data-testid=usage] tbody td").Select(cell => cell.TextContent));
        var asked = Assert.Single(Platform.Seen, seen => seen.Contains("/api/usage/", StringComparison.Ordinal));
        Assert.Contains("by=outcome", asked, StringComparison.Ordinal);
        Assert.Contains($"to={FigureCalls.Today(TimeProvider.System.GetUtcNow()):yyyy-MM-dd}", asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CdrRoles.Operations, true)]
    [InlineData(CdrRoles.RegimeAgent, true)]
    [InlineData(CdrRoles.Clerk, false)]
    [InlineData(CdrRoles.Referent, false)]
    public void Regimes_are_told_with_how_they_answered_to_those_who_see_it(string role, bool sees)
    {
        var page = Opened<RegimesPage>(role, "/regimes");
        page.WaitForElement("[data-testid=regimes-board] tbody tr", Patience);

        if (!sees)
        {
            Assert.Empty(page.FindAll("[data-testid=regime-calls]"));
            Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/usage/regimes", StringComparison.Ordinal));
            return;
        }

        page.WaitForElement("[data-testid=table-regimes] tbody tr", Patience);
        Assert.Equal(
            ["1\u202f200", "900", "140", "1\u202f000", "140", "0", "0", "0", "60", "0", "5,0"], page.FindAll("[data-testid=table-regimes] tbody td").Select(cell => cell.TextContent));
        Assert.Equal("/usage/regimes.csv", page.Find("[data-testid=csv-regimes]").GetAttribute("href"));
    }

    [Fact]
    public async Task A_filter_changes_the_address_and_a_period_without_anything_says_what_to_do()
    {
        Platform.Figures.Empty = true;
        var page = Opened<UsagePage>(CdrRoles.GroupManager, "/usage");
        page.WaitForElement("[data-testid=usage-nothing]", Patience);
        await page.Find("[data-testid=filter-department]").ChangeAsync(new() { Value = "2A" });
        await page.Find("[data-testid=filter-scope]").ChangeAsync(new() { Value = "country" });

        await page.Find("[data-testid=filters]").SubmitAsync();

        page.WaitForState(() => Platform.Seen.Any(seen => seen.Contains("summary", StringComparison.Ordinal) && seen.Contains("department=2A", StringComparison.Ordinal) && seen.Contains("scope=country", StringComparison.Ordinal)), Patience);
        Assert.EndsWith("/usage?department=2A&scope=country", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("figure"));
    }

    [Fact]
    public void What_Usage_refuses_is_said_in_its_words()
    {
        Platform.Figures.Refused = true;
        var page = Opened<UsagePage>(CdrRoles.Referent, "/usage?from=2020-01-02");
        Assert.Contains("demandez des mois entiers", page.WaitForElement("[data-testid=trouble]", Patience).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_map_has_all_departements_shades_them_and_moves_along_the_months_without_asking_again()
    {
        var page = Opened<MapPage>(CdrRoles.Referent, "/carte");

        page.WaitForElement("[data-testid=map]", Patience);
        Assert.Equal(101, page.FindAll("path[data-department]").Count);
        Assert.Equal("59 Nord – 900 consultations", Department(page, "59").TextContent.Replace('\u202f', ' '));
        Assert.Equal(("shade-masked", "2A Corse-du-Sud – masqué"), (Department(page, "2A").ClassName, Department(page, "2A").TextContent));
        Assert.Equal("shade-0", Department(page, "976").ClassName);
        Assert.NotEqual(Department(page, "75").ClassName, Department(page, "59").ClassName);
        Assert.Equal(101, page.FindAll("[data-testid=table-carte] tbody tr").Count);
        Assert.Contains("scope=country", Platform.Seen.Single(seen => seen.Contains("series", StringComparison.Ordinal)), StringComparison.Ordinal);

        await page.Find("[data-testid=map-month]").InputAsync(new ChangeEventArgs { Value = "3" });

        page.WaitForState(() => Department(page, "59").ClassName == "shade-0", Patience);
        Assert.Contains("month=", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Single(Platform.Seen, seen => seen.Contains("series", StringComparison.Ordinal));
    }

    [Fact]
    public void A_departement_of_the_map_leads_to_the_same_month_and_the_same_filters()
    {
        var month = DateOnly.ParseExact(FakeFigures.ThisMonth + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture).AddMonths(-2);
        var page = Opened<MapPage>(CdrRoles.Referent, $"/carte?regime=cnam&function=emergencies&reason=emergency&month={month:yyyy-MM}");

        page.WaitForElement("[data-testid=table-carte] tr[data-row='59'] a", Patience);

        Assert.Equal(
            $"/usage?from={month:yyyy-MM}-01&to={month.AddMonths(1).AddDays(-1):yyyy-MM-dd}&department=59&function=emergencies&regime=cnam&reason=emergency&scope=country&by=regime",
            page.Find("[data-testid=table-carte] tr[data-row='59'] a").GetAttribute("href"));
    }

    [Fact]
    public async Task A_filter_that_is_not_known_is_said_and_nothing_wider_is_shown_or_given()
    {
        foreach (var (page, path, rest) in ((IRenderedComponent<IComponent>, string, string)[])
        [
            (Opened<UsagePage>(CdrRoles.Operations, "/usage?department=59&unit=2840575112901"), "/usage?department=59", "Unité"),
            (Opened<MapPage>(CdrRoles.Operations, "/carte?regime=2840575112901"), "/carte", "Régime"),
            (Opened<DeploymentPage>(CdrRoles.Operations, "/deploiement?month=2011-03&function=2840575112901"), "/deploiement?month=2011-03", "Fonction"),
            (Opened<ObjectivesPage>(CdrRoles.Operations, "/objectifs?department=99"), "/objectifs", "Département"),
            (Opened<LoadPage>(CdrRoles.Operations, "/charge?department=99"), "/charge", "Département"),
        ])
        {
            Assert.Contains(rest, page.WaitForElement("[data-testid=filter-refused]", Patience).TextContent, StringComparison.Ordinal);
            Assert.Equal(path, page.Find("[data-testid=filter-refused-remove]").GetAttribute("href"));
            Assert.Empty(page.FindAll("figure"));
            Assert.DoesNotContain("2840575112901", page.Markup, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/usage", StringComparison.Ordinal));
        using var browser = await Portal.SignedInAsync("cpa-operations");
        foreach (var path in new[] { "/usage/brut/consultations.csv?step=hour&unit=2840575112901", "/usage/brut/consultations.json?from=x", "/usage/brut/objectifs.json?department=99", "/usage/mois.csv?unit=2840575112901", "/usage/carte.csv?reason=none" })
        {
            using var refused = await browser.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal((path, HttpStatusCode.BadRequest), (path, refused.StatusCode));
        }

        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/usage", StringComparison.Ordinal));
    }

    [Fact]
    public void A_part_whose_code_may_be_a_persons_number_has_no_link()
    {
        var page = Opened<UsagePage>(CdrRoles.Operations, "/usage?by=unit");
        page.WaitForElement("[data-testid=table-repartition] tbody tr", Patience);
        Assert.Equal("/usage?unit=1234567890&by=reason", page.Find("[data-testid=table-repartition] tr[data-row='1234567890'] a").GetAttribute("href"));
        Assert.Empty(page.FindAll("[data-testid=table-repartition] tr[data-row='2840575112901'] a"));
    }

    [Fact]
    public void Curves_by_month_say_the_whole_months_that_they_are_of()
    {
        var page = Opened<UsagePage>(CdrRoles.Operations, "/usage?from=2026-01-20&to=2026-03-10");
        page.WaitForElement("[data-testid=figure-mois]", Patience);
        Assert.Contains("du 01/01/2026 au 31/03/2026", page.Find("[data-testid=usage-months]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_map_of_who_is_equipped_is_of_a_phase_and_a_month()
    {
        var page = Opened<MapPage>(CdrRoles.Operations, "/carte?measure=equipment&month=2011-03&phase=1");
        page.WaitForElement("[data-testid=map]", Patience);
        Assert.Equal(("shade-5", "59 Nord – 19 sur 20, 95\u00a0%"), (Department(page, "59").ClassName, Department(page, "59").TextContent));
        Assert.Equal("shade-2", Department(page, "13").ClassName);
        Assert.Contains("mars 2011", page.Find("[data-testid=map-title]").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CdrRoles.Operations, 0)]
    [InlineData(CdrRoles.Referent, 1)]
    public void Who_does_not_see_all_is_shown_who_is_equipped_at_the_end_of_the_last_month_that_is_over(string role, int monthsBack)
    {
        var today = FigureCalls.Today(TimeProvider.System.GetUtcNow());
        var expected = FigureCalls.MonthOf(today.AddMonths(-monthsBack));

        var map = Opened<MapPage>(role, "/carte?measure=equipment");
        map.WaitForElement("[data-testid=map]", Patience);
        Assert.Equal(expected, map.Find("[data-testid=map-page]").GetAttribute("data-month"));

        var page = Opened<DeploymentPage>(role, "/deploiement");
        page.WaitForElement("[data-testid=table-silencieux]", Patience);
        var months = page.FindAll("[data-testid=deployment-month] option");
        Assert.Equal((monthsBack == 0 ? "Aujourd’hui" : "Dernier mois terminé", expected), (months[0].TextContent, months[1].GetAttribute("value")));
    }

    [Fact]
    public void Deployment_shows_each_phase_and_who_fell_silent()
    {
        var page = Opened<DeploymentPage>(CdrRoles.Operations, "/deploiement?month=2011-03");
        page.WaitForElement("[data-testid=table-silencieux]", Patience);
        Assert.Equal(("93,8\u00a0%", "633 / 675"), (page.Find("[data-testid=phase-rate-1]").TextContent, page.Find("[data-testid=phase-count-1]").TextContent));
        Assert.Equal(("74,6\u00a0%", "100 / 134"), (page.Find("[data-testid=phase-rate-2]").TextContent, page.Find("[data-testid=phase-count-2]").TextContent));
        Assert.Contains("590780193", page.Find("[data-testid=table-silencieux]").TextContent, StringComparison.Ordinal);
        // Equipped by the file, and never counted: without a first day and a last one.
        Assert.Equal(["13 Bouches-du-Rhône", "–", "–", "400"], page.FindAll("[data-testid=table-silencieux] tr[data-row='130000003'] td").Select(cell => cell.TextContent));
        Assert.Contains("12", page.Find("[data-testid=phase-sites-1]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-testid=phase-sites-2]"));
    }

    [Fact]
    public void Live_load_has_its_minutes()
    {
        var page = Opened<LoadPage>(CdrRoles.Operations, "/charge");
        page.WaitForElement("[data-testid=figure-minutes]", Patience);
        Assert.Equal("7", page.Find("[data-testid=load-hour]").TextContent);
    }

    [Fact]
    public async Task Objectives_have_their_budgets_and_burn_rates_and_say_what_to_do()
    {
        var page = Opened<ObjectivesPage>(CdrRoles.GroupManager, "/objectifs");
        page.WaitForElement("[data-testid=figure-vitesses]", Patience);
        Assert.Equal(("98\u00a0%", "À traiter maintenant"), (page.Find("[data-testid=objective-ratio-latency]").TextContent, page.Find("[data-testid=objective-alert-latency]").TextContent));
        Assert.Contains("Promesse rompue, budget d’erreur\u00a0: -100\u00a0%", page.Find("[data-testid=objective-latency]").TextContent, StringComparison.Ordinal);
        Assert.Equal(("page", "ticket", "none"), (page.Find("[data-testid=objective-latency]").GetAttribute("data-alert"), page.Find("[data-testid=objective-complete]").GetAttribute("data-alert"), page.Find("[data-testid=objective-availability]").GetAttribute("data-alert")));
        Assert.Equal(4, page.FindAll("[data-testid=table-objectifs] tbody tr").Count);
        // Availability has no five minutes: nothing is drawn there, and no nought.
        Assert.Equal(["–", "2,0", "1,5", "1,0", "0,5"], page.FindAll("[data-testid=table-vitesses] tr[data-row='Disponibilité'] td").Select(cell => cell.TextContent));
        Assert.Equal(4, page.FindAll("[data-testid=figure-vitesses] .drawing .curve").Count);
        Assert.Contains("groupement", page.Find("[data-testid=objectives-page] .hint").TextContent, StringComparison.Ordinal);

        await page.Find("[data-testid=filter-department]").ChangeAsync(new() { Value = "59" });
        await page.Find("[data-testid=filters]").SubmitAsync();

        page.WaitForState(() => Platform.Seen.Any(seen => seen.Contains("/api/usage/objectives?department=59", StringComparison.Ordinal)), Patience);
        page.WaitForState(() => page.FindAll("[data-testid=csv-objectifs]") is [var csv] && csv.GetAttribute("href") == "/usage/objectifs.csv?department=59", Patience);
        Assert.Contains("59 Nord", page.Find("[data-testid=objectives-period]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Objectives_of_nothing_say_so()
    {
        Platform.Figures.Empty = true;
        var page = Opened<ObjectivesPage>(CdrRoles.Operations, "/objectifs");
        Assert.Contains("30 jours", page.WaitForElement("[data-testid=objectives-empty]", Patience).TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("figure"));
    }

    [Fact]
    public async Task Every_drawing_leads_to_what_the_interface_gives_of_it()
    {
        var usage = Opened<UsagePage>(CdrRoles.Operations, "/usage?from=2026-01-01&to=2026-03-31&department=59");
        usage.WaitForElement("[data-testid=figure-repartition]", Patience);
        foreach (var (figure, step) in new[] { ("mois", "month"), ("cumul", "month"), ("jours", "day"), ("repartition", "day") })
        {
            foreach (var type in new[] { "JSON", "CSV" })
                Assert.Equal($"/usage/brut/consultations.{type.ToLowerInvariant()}?from=2026-01-01&to=2026-03-31&department=59&step={step}", usage.Find($"[data-testid=raw-{figure}-{type}]").GetAttribute("href"));
        }

        foreach (var page in (IRenderedComponent<IComponent>[])[Opened<LoadPage>(CdrRoles.Operations, "/charge"), Opened<MapPage>(CdrRoles.Operations, "/carte"), Opened<DeploymentPage>(CdrRoles.Operations, "/deploiement?month=2011-03"), Opened<ObjectivesPage>(CdrRoles.Operations, "/objectifs")])
            page.WaitForElement("[data-testid^=raw-]", Patience);

        using var browser = await Portal.SignedInAsync("cpa-operations");
        foreach (var (path, type, seen) in new[]
        {
            ("/usage/brut/consultations.json?from=2026-01-01&to=2026-03-31&department=59&step=month", "application/json", "/api/usage/export?step=month&from=2026-01-01&to=2026-03-31&department=59"),
            ("/usage/brut/consultations.csv?step=hour&unit=1234567890", "text/csv", "/api/usage/export.csv?step=hour&unit=1234567890"),
            ("/usage/brut/objectifs.json?department=2A", "application/json", "/api/usage/objectives?department=2A"),
            ($"/usage/brut/deploiement.json?campaign={FakeFigures.Campaign}&month=2011-03", "application/json", $"/api/usage/campaigns/{FakeFigures.Campaign}/rates?month=2011-03"),
        })
        {
            using var file = await browser.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal((path, HttpStatusCode.OK, type, "attachment"), (path, file.StatusCode, file.Content.Headers.ContentType?.MediaType, file.Content.Headers.ContentDisposition?.DispositionType));
            Assert.Contains(Platform.Seen, one => one.EndsWith(seen, StringComparison.Ordinal));
        }

        using var clerk = await Portal.SignedInAsync();
        using var refused = await clerk.GetAsync("/usage/brut/consultations.csv", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public void Others_consultations_have_no_raw_data()
    {
        var page = Opened<UsagePage>(CdrRoles.GroupManager, "/usage?scope=country");
        page.WaitForElement("[data-testid=figure-repartition]", Patience);
        Assert.Empty(page.FindAll("[data-testid^=raw-]"));
    }

    [Theory]
    [InlineData(CdrRoles.Clerk)]
    [InlineData(CdrRoles.Hotline)]
    [InlineData(CdrRoles.RegimeAgent)]
    public void Others_are_told_that_figures_are_not_theirs_and_nothing_is_asked(string role)
    {
        foreach (var page in (IRenderedComponent<IComponent>[])[Opened<UsagePage>(role, "/usage"), Opened<MapPage>(role, "/carte"), Opened<DeploymentPage>(role, "/deploiement"), Opened<LoadPage>(role, "/charge"), Opened<ObjectivesPage>(role, "/objectifs")])
            page.WaitForElement("[data-testid=figures-not-yours]", Patience);
        Assert.DoesNotContain(Platform.Seen, seen => seen.Contains("/api/usage", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_are_the_tables_and_not_for_a_clerk()
    {
        using var browser = await Portal.SignedInAsync("cpa-operations");
        foreach (var figure in FigureFiles.Names)
        {
            using var file = await browser.GetAsync(FigureFiles.PathOf(figure) + "?from=2026-01-01&month=2011-03", TestContext.Current.CancellationToken);
            Assert.Equal((figure, HttpStatusCode.OK, "text/csv"), (figure, file.StatusCode, file.Content.Headers.ContentType?.MediaType));
            Assert.NotEqual(0, (await file.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\r\n").Length - 2);
        }

        var rows = Encoding.UTF8.GetString(await browser.GetByteArrayAsync("/usage/deploiement.csv?month=2011-03", TestContext.Current.CancellationToken)).Split("\r\n");
        Assert.Contains("1 – Groupes publics;Ensemble;675;633;93,8", rows);
        // A regime is named as in the table; one that nobody knows names itself.
        var regimes = Encoding.UTF8.GetString(await browser.GetByteArrayAsync("/usage/regimes.csv", TestContext.Current.CancellationToken)).Split("\r\n");
        Assert.StartsWith("Cnam;1200;", regimes[1], StringComparison.Ordinal);
        var parts = Encoding.UTF8.GetString(await browser.GetByteArrayAsync("/usage/repartition.csv?by=regime", TestContext.Current.CancellationToken)).Split("\r\n");
        Assert.Equal(["Cnam", "unheard-of"], parts[1..3].Select(line => line.Split(';')[0]));
        using var months = await browser.GetAsync("/usage/mois.csv?from=2026-01-20&to=2026-03-10", TestContext.Current.CancellationToken);
        Assert.Equal("mois-2026-01-01-2026-03-31.csv", months.Content.Headers.ContentDisposition?.FileName);

        using var clerk = await Portal.SignedInAsync();
        using var refused = await clerk.GetAsync("/usage/mois.csv", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private static IElement Department(IRenderedComponent<MapPage> page, string code) => page.Find($"path[data-department='{code}']");

    private IRenderedComponent<TPage> Opened<TPage>(string role, string address)
        where TPage : IComponent
    {
        // Of this test: what was set before it does not come along.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("fr-FR");
        // One person a test: services are added before the first is asked for.
        if (!known)
            Services.AddSingleton<AuthenticationStateProvider>(new Known(SignedIn.Principal(Grant(role))));
        known = true;
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<TPage>();
    }

    private sealed class Known(System.Security.Claims.ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(principal));
    }
}
