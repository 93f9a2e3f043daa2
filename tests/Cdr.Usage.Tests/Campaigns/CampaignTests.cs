using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Usage;
using Cdr.Usage.Features.FreezeCampaigns;
using Cdr.Usage.Store;
using Cdr.Usage.Tests.Doubles;
using Cdr.Usage.Tests.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Refit;

namespace Cdr.Usage.Tests.Campaigns;

public abstract class CampaignRules(SharedHost? own) : HostTests(own: own)
{
    private static readonly string Legal = CampaignFiles.Finess(0, 1000);
    private static readonly string Site = CampaignFiles.Finess(0, 3000);
    private static readonly string OtherSite = CampaignFiles.Finess(0, 3700);
    private static readonly string Clinic = CampaignFiles.Finess(1, 6000);

    [Fact]
    public async Task The_file_of_2011_says_what_the_field_was_told()
    {
        var id = await BeginAsync();
        var imported = await ImportAsync(id, CampaignFiles.Of2011());

        var rates = await Campaigns().RatesAsync(id, new DateOnly(2011, 3, 2), null, null, Cancel);

        Assert.Equal((675 + 134, 675 + 225 + 134, 0, 0), (imported.Targets, imported.Sites, imported.Removed, imported.WithoutSites));
        Assert.Equal((new DateOnly(2011, 3, 2), false), (rates.On, rates.Frozen));
        Assert.Equal((1, TargetKind.LegalEntities, new EquipmentRate(null, 675, 633, 93.8)), (rates.Phases[0].Number, rates.Phases[0].Targets, rates.Phases[0].All));
        Assert.Equal((2, TargetKind.Establishments, new EquipmentRate(null, 134, 100, 74.6)), (rates.Phases[1].Number, rates.Phases[1].Targets, rates.Phases[1].All));
        foreach (var phase in rates.Phases)
        {
            Assert.Equal(17, phase.Departments.Count);
            Assert.Equal(phase.All, Sum(phase.Departments));
            Assert.Equal(phase.All, Sum(phase.Regions));
        }

        // Month by month it only grows, from nothing.
        var months = new List<int>();
        for (var month = new DateOnly(2008, 8, 1); month < new DateOnly(2011, 6, 1); month = month.AddMonths(1))
            months.Add((await Campaigns().RatesAsync(id, null, $"{month:yyyy-MM}", null, Cancel)).Phases[0].All.Equipped);
        Assert.Equal((0, 633), (months[0], months[^1]));
        Assert.Equal(months.Order(), months);
    }

    [Fact]
    public async Task A_legal_entity_is_equipped_with_the_first_answer_of_one_of_its_sites_and_a_clinic_with_its_own()
    {
        var id = await BeginAsync();
        await ImportAsync(id, $"phase;finess_juridique;finess_geographique\n1;{Legal};{Site}\n1;{Legal};{OtherSite}\n2;;{Clinic}\n2;;{CampaignFiles.Finess(2, 6000)}");
        Assert.Equal([0, 0], await EquippedAsync(id));

        await CountAsync(
            Facts.One(At(11, 3), OtherSite, function: "reception"), Facts.One(At(11, 5), Site), Facts.One(At(11, 9), Clinic, function: "invoicing"), Facts.One(At(11, 19), Clinic, function: "invoicing"));

        Assert.Equal([1, 1], await EquippedAsync(id));
        Assert.Equal([0, 0], await EquippedAsync(id, on: new DateOnly(2026, 11, 2)));
        Assert.Equal([1, 0], await EquippedAsync(id, on: new DateOnly(2026, 11, 3)));
        Assert.Equal([1, 0], await EquippedAsync(id, function: "reception"));
        Assert.Equal([0, 1], await EquippedAsync(id, function: "invoicing"));
        var target = Assert.Single(await Campaigns().TargetsAsync(id, 1, Cancel));
        Assert.Equal((Legal, "13", new DateOnly(2026, 11, 3), new DateOnly(2026, 11, 5)), (target.Finess, target.Department, target.EquippedOn, target.LastDay));
        Assert.Equal([Site, OtherSite], target.Sites);
        Assert.Equal([("emergencies", new DateOnly(2026, 11, 5)), ("reception", new DateOnly(2026, 11, 3))], target.Functions.Select(one => (one.Key, one.Value)));
        Assert.Null((await Campaigns().TargetsAsync(id, 2, Cancel)).Single(one => one.Finess != Clinic).EquippedOn);
    }

    [Fact]
    public async Task A_file_replaces_the_phases_it_names_and_leaves_the_others()
    {
        var id = await BeginAsync();
        await ImportAsync(id, $"phase;finess_juridique;finess_geographique\n1;{Legal};{Site}\n1;{CampaignFiles.Finess(1, 1000)};\n2;;{Clinic}");

        var imported = await ImportAsync(id, $"finess_geographique,finess_juridique,phase,nom\n,{Legal},1,\"Centre hospitalier, \"\"Nord\"\"\"");

        Assert.Equal((1, 0, 1), (imported.Targets, imported.Sites, imported.Removed));
        Assert.Equal([1, 1], (await Campaigns().RatesAsync(id, null, null, null, Cancel)).Phases.Select(phase => phase.All.Targets));
        Assert.Equal("Centre hospitalier, \"Nord\"", Assert.Single(await Campaigns().TargetsAsync(id, 1, Cancel)).Name);
    }

    [Fact]
    public async Task A_target_without_a_site_is_told_by_its_line_since_no_answer_can_equip_it()
    {
        var id = await BeginAsync();
        var (other, third) = (CampaignFiles.Finess(1, 1000), CampaignFiles.Finess(2, 1000));

        // The third has its site on a second line.
        var imported = await ImportAsync(id, $"phase;finess_juridique;finess_geographique\n1;{third};\n1;{Legal};\n1;{other};{Site}\n1;{third};{OtherSite}\n2;;{Clinic}");

        Assert.Equal((4, 3, 1), (imported.Targets, imported.Sites, imported.WithoutSites));
        var warning = Assert.Single(imported.Warnings);
        Assert.Equal((3, "finess_geographique", "site-missing"), (warning.Line, warning.Field, warning.Code));
        Assert.Equal([1, 0], (await Campaigns().RatesAsync(id, null, null, null, Cancel)).Phases.Select(phase => phase.WithoutSites));
    }

    [Fact]
    public async Task A_file_of_the_first_days_of_a_month_does_not_change_the_month_before()
    {
        var id = await BeginAsync();
        await ImportAsync(id, $"phase;finess_juridique;finess_geographique\n2;;{Clinic}\n2;;{CampaignFiles.Finess(2, 6000)}");
        await CountAsync(Facts.One(At(11, 19), Clinic));
        // The second of December: November is over and not frozen yet.
        Clock.Advance(TimeSpan.FromDays(12));

        using var early = await SendAsync(id, $"phase;finess_juridique;finess_geographique\n2;;{Clinic}");
        // A phase that had no file yet has told nothing.
        await ImportAsync(id, $"phase;finess_juridique;finess_geographique\n1;{Legal};{Site}");

        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        Assert.Equal("month-not-frozen", (await early.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString());
        Assert.Equal(2, (await Campaigns().RatesAsync(id, null, null, null, Cancel)).Phases[1].All.Targets);
        Clock.Advance(TimeSpan.FromDays(3));
        await FreezeAsync();
        await ImportAsync(id, $"phase;finess_juridique;finess_geographique\n2;;{Clinic}");
        Assert.Equal(new EquipmentRate(null, 2, 1, 50), (await Campaigns().RatesAsync(id, null, "2026-11", null, Cancel)).Phases[1].All);
        Assert.Equal(1, (await Campaigns().RatesAsync(id, null, null, null, Cancel)).Phases[1].All.Targets);
    }

    [Fact]
    public async Task A_wrong_file_is_refused_whole_and_all_that_is_wrong_is_named()
    {
        var id = await BeginAsync();
        await ImportAsync(id, $"phase;finess_juridique;finess_geographique\n2;;{Clinic}");

        using var response = await SendAsync(id, $"phase;finess_juridique;finess_geographique;nom;departement;equipe_le\n2;;{Site};;;\n9;;{Site};;;\n1;;{Site};;;\n2;;123456789;;99;hier\n");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(("targets-invalid", 5), (problem.GetProperty("code").GetString(), problem.GetProperty("faultCount").GetInt32()));
        Assert.Equal(
            ["3 phase", "4 finess_juridique", "5 finess_geographique", "5 departement", "5 equipe_le"],
            problem.GetProperty("faults").EnumerateArray().Select(fault => $"{fault.GetProperty("line")} {fault.GetProperty("field").GetString()}"));
        Assert.Equal(Clinic, Assert.Single(await Campaigns().TargetsAsync(id, 2, Cancel)).Finess);
    }

    [Theory]
    [InlineData("")]
    [InlineData("phase;finess_juridique\n1;130010000")]
    [InlineData("phase;finess_juridique;finess_geographique")]
    [InlineData("phase;finess_juridique;finess_geographique\n1;\"130010000;")]
    public async Task A_file_that_is_none_is_refused(string file)
    {
        using var response = await SendAsync(await BeginAsync(), file);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_file_of_another_encoding_is_refused_and_not_guessed()
    {
        var id = await BeginAsync();
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes($"phase;finess_juridique;finess_geographique;nom\n2;;{Clinic};Hôpital"));
        content.Headers.ContentType = new("text/csv");

        using var response = await Host.ClientOf(Token(CdrRoles.Operations)).PostAsync($"/api/usage/campaigns/{id}/targets", content, Cancel);

        Assert.Equal("encoding-unknown", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_month_is_frozen_some_days_after_its_end_and_stays_what_it_was()
    {
        var id = await BeginAsync();
        await ImportAsync(id, $"phase;finess_juridique;finess_geographique\n2;;{Clinic}\n2;;{CampaignFiles.Finess(2, 6000)}");
        await CountAsync(Facts.One(At(11, 19), Clinic));
        // The third of December: some of November may still come.
        Clock.Advance(TimeSpan.FromDays(13));
        await FreezeAsync();
        Assert.False((await Campaigns().RatesAsync(id, null, "2026-11", null, Cancel)).Frozen);
        Clock.Advance(TimeSpan.FromDays(2));
        await FreezeAsync();
        await ImportAsync(id, $"phase;finess_juridique;finess_geographique\n2;;{Clinic}");

        var november = await Campaigns().RatesAsync(id, null, "2026-11", null, Cancel);
        Assert.Equal((true, new EquipmentRate(null, 2, 1, 50)), (november.Frozen, november.Phases[1].All));
        Assert.Equal(0, await FreezeAsync());
        var now = await Campaigns().RatesAsync(id, null, null, null, Cancel);
        Assert.Equal((false, new EquipmentRate(null, 1, 1, 100)), (now.Frozen, now.Phases[1].All));
        // Before the import nothing was frozen: the dates say it.
        Assert.False((await Campaigns().RatesAsync(id, null, "2026-10", null, Cancel)).Frozen);
    }

    [Fact]
    public async Task A_phase_that_came_later_is_not_called_frozen_with_the_others()
    {
        var id = await BeginAsync();
        await ImportAsync(id, $"phase;finess_juridique;finess_geographique\n2;;{Clinic}");
        Clock.Advance(TimeSpan.FromDays(15));
        await FreezeAsync();
        Assert.True((await Campaigns().RatesAsync(id, null, "2026-11", null, Cancel)).Frozen);

        await ImportAsync(id, $"phase;finess_juridique;finess_geographique\n1;{Legal};{Site}");

        Assert.False((await Campaigns().RatesAsync(id, null, "2026-11", null, Cancel)).Frozen);
    }

    [Fact]
    public async Task What_is_planned_is_not_done()
    {
        var id = await BeginAsync();
        await ImportAsync(id, $"phase;finess_juridique;finess_geographique;nom;departement;equipe_le\n2;;{Clinic};;;2027-06-01");
        using var meeting = await Host.ClientOf(Token(CdrRoles.Operations))
            .PostAsJsonAsync($"/api/usage/campaigns/{id}/meetings", new MeetingRequest(new DateOnly(2026, 10, 1), "27", "Dijon", [Clinic]), Cancel);
        Assert.Equal(HttpStatusCode.NoContent, meeting.StatusCode);

        var told = Assert.Single(Assert.Single(await Campaigns().ListAsync(Cancel)).Meetings);
        Assert.Equal((0, 0), (told.EquippedBefore, told.EquippedSince));
        Assert.Null(Assert.Single(await Campaigns().TargetsAsync(id, 2, Cancel)).EquippedOn);
    }

    [Fact]
    public async Task Who_does_not_see_all_reads_ends_of_months_and_no_days()
    {
        var id = await BeginAsync();
        await ImportAsync(id, $"phase;finess_juridique;finess_geographique\n2;;{Clinic}");
        using var meeting = await Host.ClientOf(Token(CdrRoles.Operations))
            .PostAsJsonAsync($"/api/usage/campaigns/{id}/meetings", new MeetingRequest(new DateOnly(2026, 11, 2), "27", "Dijon", [Clinic, Site]), Cancel);
        Assert.Equal(HttpStatusCode.NoContent, meeting.StatusCode);
        await CountAsync(Facts.One(At(11, 20), Clinic, function: "reception"), Facts.One(At(11, 19), Site));
        var referent = Campaigns(Token(CdrRoles.Referent, Clinic, "g2"));

        Assert.Equal(HttpStatusCode.Forbidden, (await Assert.ThrowsAnyAsync<ApiException>(() => referent.RatesAsync(id, new DateOnly(2026, 11, 5), null, null, Cancel))).StatusCode);
        // Asked each day, any of these would tell the day.
        foreach (var (month, function) in ((string?, string?)[])[(null, null), (null, "reception"), ("2026-11", null), ("2026-11", "reception"), ("2027-01", null)])
        {
            var rates = await referent.RatesAsync(id, null, month, function, Cancel);
            Assert.Equal((new DateOnly(2026, 10, 31), 1, 0), (rates.On, rates.Phases[1].All.Targets, rates.Phases[1].All.Equipped));
            Assert.Equal(1, (await Campaigns().RatesAsync(id, null, month, function, Cancel)).Phases[1].All.Equipped);
        }

        Assert.Equal((0, 0), Equipped(await referent.ListAsync(Cancel)));
        Assert.Equal((0, 2), Equipped(await Campaigns().ListAsync(Cancel)));
        Clock.Advance(TimeSpan.FromDays(11));
        referent = Campaigns(Token(CdrRoles.Referent, Clinic, "g2"));
        Assert.Equal((new DateOnly(2026, 11, 30), 1), await referent.RatesAsync(id, null, null, null, Cancel) is var told ? (told.On, told.Phases[1].All.Equipped) : default);
        Assert.Equal((0, 2), Equipped(await referent.ListAsync(Cancel)));

        static (int, int) Equipped(IReadOnlyList<Campaign> campaigns) => Assert.Single(Assert.Single(campaigns).Meetings) is var one ? (one.EquippedBefore, one.EquippedSince) : default;
    }

    [Fact]
    public async Task Of_two_files_at_once_the_targets_are_those_of_one()
    {
        for (var round = 0; round < 4; round++)
        {
            var id = await BeginAsync();
            var files = Enumerable.Range(0, 2).Select(file =>
                "phase;finess_juridique;finess_geographique\n" + string.Join('\n', Enumerable.Range(0, 300).Select(n => $"2;;{CampaignFiles.Finess(n, 6000 + 1000 * file)}"))).ToArray();

            await Task.WhenAll(files.Select(file => Task.Run(() => ImportAsync(id, file), Cancel)));

            Assert.Equal(300, (await Campaigns().RatesAsync(id, null, null, null, Cancel)).Phases[1].All.Targets);
            Assert.Equal(300, (await Campaigns().TargetsAsync(id, 2, Cancel)).Sum(target => target.Sites.Count));
        }
    }

    [Fact]
    public async Task A_campaign_has_its_kit_and_its_meetings_and_who_is_equipped_since()
    {
        var id = await BeginAsync();
        await ImportAsync(id, $"phase;finess_juridique;finess_geographique;nom;departement;equipe_le\n1;{Legal};{Site};;;\n2;;{Clinic};;;2010-01-01");
        await CountAsync(Facts.One(At(11, 5), Site), Facts.One(At(11, 6), "750100018"));
        var client = Host.ClientOf(Token(CdrRoles.Operations));
        string[] invited = [Legal, Clinic, "750100018", CampaignFiles.Finess(9, 6000)];

        using var kit = await client.PostAsJsonAsync($"/api/usage/campaigns/{id}/kit", new KitItem("Affiche A3", "https://kit.example/affiche.pdf", new DateOnly(2026, 10, 1)), Cancel);
        using var meeting = await client.PostAsJsonAsync($"/api/usage/campaigns/{id}/meetings", new MeetingRequest(new DateOnly(2026, 11, 5), "93", "Marseille", invited), Cancel);
        using var later = await client.PostAsJsonAsync($"/api/usage/campaigns/{id}/meetings", new MeetingRequest(new DateOnly(2026, 10, 1), "93", "Toulon", invited), Cancel);

        Assert.All([kit, meeting, later], response => Assert.Equal(HttpStatusCode.NoContent, response.StatusCode));
        var campaign = Assert.Single(await Campaigns().ListAsync(Cancel));
        Assert.Equal(new KitItem("Affiche A3", "https://kit.example/affiche.pdf", new DateOnly(2026, 10, 1)), Assert.Single(campaign.Kit));
        Assert.Equal(
            [new RegionalMeeting(new DateOnly(2026, 10, 1), "93", "Toulon", 4, 1, 2), new RegionalMeeting(new DateOnly(2026, 11, 5), "93", "Marseille", 4, 2, 1)], campaign.Meetings);
    }

    [Fact]
    public async Task Establishments_that_fell_silent_are_listed_within_what_the_caller_sees()
    {
        await CountAsync(
            Facts.One(At(9, 1), Site, "g1", "13"), Facts.One(At(9, 20), Site, "g1", "13", function: "reception"), Facts.One(At(8, 3), Clinic, "g2", "21"), Facts.One(At(11, 19), OtherSite, "g1", "13"));

        var all = await Campaigns().SilentAsync(null, null, Cancel);

        Assert.Equal(
            [new SilentEstablishment(Clinic, "21", "g2", new DateOnly(2026, 8, 3), new DateOnly(2026, 8, 3), 109), new SilentEstablishment(Site, "13", "g1", new DateOnly(2026, 9, 1), new DateOnly(2026, 9, 20), 61)],
            all);
        Assert.Equal([Clinic], (await Campaigns().SilentAsync(100, null, Cancel)).Select(one => one.Establishment));
        Assert.Equal([Clinic, Site], (await Campaigns().SilentAsync(null, "emergencies", Cancel)).Select(one => one.Establishment));
        Assert.Equal([Site], (await Campaigns(Token(CdrRoles.GroupManager, null, "g1")).SilentAsync(null, null, Cancel)).Select(one => one.Establishment));
        Assert.Equal([Clinic], (await Campaigns(Token(CdrRoles.Referent, Clinic, "g2")).SilentAsync(null, null, Cancel)).Select(one => one.Establishment));
    }

    [Fact]
    public async Task An_establishment_that_a_file_says_is_equipped_and_that_never_asked_is_silent_without_a_last_day()
    {
        var id = await BeginAsync();
        var (other, late) = (CampaignFiles.Finess(1, 3000), CampaignFiles.Finess(2, 6000));
        await ImportAsync(
            id,
            $"phase;finess_juridique;finess_geographique;nom;departement;equipe_le\n1;{Legal};{Site};;;2026-09-01\n1;{CampaignFiles.Finess(1, 1000)};{other};;;\n2;;{Clinic};;;2026-01-02\n2;;{late};;;2026-11-10");
        await CountAsync(Facts.One(At(11, 19), Clinic, "g2", "21", function: "reception"), Facts.One(At(8, 3), OtherSite, "g1", "13"));

        var all = await Campaigns().SilentAsync(null, null, Cancel);

        // The clinic asks; the other one is equipped nowhere, and the last one since ten days.
        Assert.Equal(
            [new SilentEstablishment(OtherSite, "13", "g1", new DateOnly(2026, 8, 3), new DateOnly(2026, 8, 3), 109), new SilentEstablishment(Site, "13", "", null, null, 80)], all);
        Assert.Equal([OtherSite, Site, late], (await Campaigns().SilentAsync(10, null, Cancel)).Select(one => one.Establishment));
        // The file says for no function, and of which group nobody knows before the first answer.
        Assert.Empty(await Campaigns().SilentAsync(null, "invoicing", Cancel));
        Assert.Equal([OtherSite], (await Campaigns(Token(CdrRoles.GroupManager, null, "g1")).SilentAsync(null, null, Cancel)).Select(one => one.Establishment));
        Assert.Equal([Site], (await Campaigns(Token(CdrRoles.Referent, Site, "g1")).SilentAsync(null, null, Cancel)).Select(one => one.Establishment));
    }

    [Theory]
    [InlineData("", """{"phases":[]}""", "name")]
    [InlineData("", """{"name":"X","phases":[]}""", "phases")]
    [InlineData("", """{"name":"X","phases":[{"number":1,"name":"a","targets":"establishments","beganOn":"2026-01-01"},{"number":1,"name":"b","targets":"establishments","beganOn":"2026-01-01"}]}""", "phases")]
    [InlineData("", """{"name":"X","phases":[{"number":0,"name":"a","targets":"establishments","beganOn":"2026-01-01"}]}""", "phases")]
    [InlineData("", """{"name":"X","phases":[{"number":1,"name":" ","targets":"establishments","beganOn":"2026-01-01"}]}""", "phases")]
    [InlineData("/kit", """{"title":"","address":"https://kit.example","publishedOn":"2026-01-01"}""", "title")]
    [InlineData("/kit", """{"title":"X","address":"javascript:alert(1)","publishedOn":"2026-01-01"}""", "address")]
    [InlineData("/kit", """{"title":"X","address":"https://kit.example"}""", "publishedOn")]
    [InlineData("", """{"name":"X","phases":[null]}""", "phases")]
    [InlineData("/meetings", """{"region":"93","place":"X","invited":["750100018"]}""", "day")]
    [InlineData("/meetings", """{"day":"2026-01-01","region":"99","place":"X","invited":["750100018"]}""", "region")]
    [InlineData("/meetings", """{"day":"2026-01-01","region":"93","place":"","invited":["750100018"]}""", "place")]
    [InlineData("/meetings", """{"day":"2026-01-01","region":"93","place":"X","invited":[]}""", "invited")]
    [InlineData("/meetings", """{"day":"2026-01-01","region":"93","place":"X","invited":["750100019"]}""", "invited")]
    public async Task A_bad_campaign_document_or_meeting_is_refused_by_the_name_of_its_field(string part, string body, string field)
    {
        var id = await BeginAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await Host.ClientOf(Token(CdrRoles.Operations)).PostAsync("/api/usage/campaigns" + (part.Length == 0 ? "" : $"/{id}{part}"), content, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(field, (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("GET", "/rates")]
    [InlineData("GET", "/targets?phase=1")]
    [InlineData("POST", "/targets")]
    [InlineData("POST", "/kit")]
    [InlineData("POST", "/meetings")]
    public async Task A_campaign_that_is_none_is_not_found(string verb, string part)
    {
        object body = part == "/kit" ? new KitItem("X", "https://kit.example", new DateOnly(2026, 1, 1)) : new MeetingRequest(new DateOnly(2026, 1, 1), "93", "X", ["750100018"]);
        using var request = new HttpRequestMessage(new HttpMethod(verb), $"/api/usage/campaigns/{Guid.CreateVersion7(Clock.GetUtcNow())}{part}");
        if (verb == "POST")
            request.Content = part == "/targets" ? new StringContent("phase", Encoding.UTF8, "text/csv") : JsonContent.Create(body, body.GetType());

        using var response = await Host.ClientOf(Token(CdrRoles.Operations)).SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("campaign-unknown", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString());
    }

    private static EquipmentRate Sum(IReadOnlyList<EquipmentRate> rates)
    {
        var (targets, equipped) = (rates.Sum(rate => rate.Targets), rates.Sum(rate => rate.Equipped));
        return new EquipmentRate(null, targets, equipped, Math.Round(100.0 * equipped / targets, 1));
    }

    private static DateTimeOffset At(int month, int day) => new(2026, month, day, 9, 0, 0, TimeSpan.Zero);

    private ICampaignsApi Campaigns(string? token = null) => RestService.ForGenerated<ICampaignsApi>(Host.ClientOf(token ?? Token(CdrRoles.Operations)), new RefitSettings());

    private async Task<Guid> BeginAsync()
    {
        var request = new CampaignRequest("CDR 2008-2011",
        [
            new CampaignPhase(2, "Cliniques avec urgences", TargetKind.Establishments, new DateOnly(2009, 4, 1)),
            new CampaignPhase(1, "Établissements publics", TargetKind.LegalEntities, new DateOnly(2008, 9, 1)),
        ]);
        using var response = await Host.ClientOf(Token(CdrRoles.Operations)).PostAsJsonAsync("/api/usage/campaigns", request, Cancel);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var campaign = (await response.Content.ReadFromJsonAsync<Campaign>(Cancel))!;
        Assert.Equal([1, 2], campaign.Phases.Select(phase => phase.Number));
        return campaign.Id;
    }

    private async Task<TargetsImported> ImportAsync(Guid id, string file)
    {
        using var response = await SendAsync(id, file);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
        return (await response.Content.ReadFromJsonAsync<TargetsImported>(Cancel))!;
    }

    private async Task<HttpResponseMessage> SendAsync(Guid id, string file)
    {
        using var content = new StringContent(file, Encoding.UTF8, "text/csv");
        return await Host.ClientOf(Token(CdrRoles.Operations)).PostAsync($"/api/usage/campaigns/{id}/targets", content, Cancel);
    }

    private async Task<IEnumerable<int>> EquippedAsync(Guid id, DateOnly? on = null, string? function = null) =>
        (await Campaigns().RatesAsync(id, on, null, function, Cancel)).Phases.Select(phase => phase.All.Equipped);

    private async Task<int> FreezeAsync()
    {
        // Not the host's: its comparisons go on, by a clock that left their tokens behind.
        var meter = new UsageMeter(Host.Services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        meter.Behind(0);
        return await new FreezeCampaigns(
            Host.Services.GetRequiredService<IDbContextFactory<UsageDb>>(), meter, null!, Host.Services.GetRequiredService<IOptions<UsageOptions>>(), Clock, NullLogger<FreezeCampaigns>.Instance).RunOnceAsync(Cancel);
    }
}

public sealed class CampaignTests() : CampaignRules(own: null);

[Collection<OnPostgres>]
public sealed class CampaignOnPostgresTests(PostgresHost shared) : CampaignRules(shared.Another());
