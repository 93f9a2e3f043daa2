using System.Net;
using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Cdr.Support.Tests.Doubles;
using Cdr.Testing;
using Cdr.Testing.Platforms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Support.Tests.Features;

public sealed class OrganismTests : HostTests
{
    [Fact]
    public async Task The_table_that_holds_is_the_one_of_the_day()
    {
        await ImportAsync(version: "3.29", from: "2026-01-01");
        await ImportAsync(Table.Replace("CPAM de test", "Caisse renommée", StringComparison.Ordinal), "3.30", "2026-12-01");

        Assert.Equal(["01671", "01751", "02594"], (await Clerk.OrganismsAsync(null, Cancel)).Select(one => one.Key));
        Assert.Contains(await Clerk.OrganismsAsync(null, Cancel), one => one.Label == "CPAM de test");
        Assert.Contains(await Clerk.OrganismsAsync(new DateOnly(2026, 12, 1), Cancel), one => one.Label == "Caisse renommée");
        Assert.Empty(await Clerk.OrganismsAsync(new DateOnly(2025, 12, 31), Cancel));
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(Table, "3.30")).Status);
    }

    [Theory]
    [InlineData("code;libelle", "header-unknown")]
    [InlineData("0175;test-regime;X;75;", "code-invalid")]
    [InlineData("01751;Test;X;75;", "regime-id-character")]
    [InlineData("01751;no-regime;X;75;", "regime-unknown")]
    [InlineData("02751;test-regime;X;75;", "code-elsewhere")]
    [InlineData("01751;test-regime;X;75;1 00:00-00:01", "hours-too-few")]
    [InlineData("01751;test-regime;;75;", "label-invalid")]
    [InlineData("01751;test-regime;X;20;", "department-unknown")]
    [InlineData("01751;test-regime;X;75;9h-17h", "hours-invalid")]
    [InlineData("01751;test-regime;X", "cells-missing")]
    [InlineData("01751;test-regime;X;75;\n01751;test-regime;Y;75;", "code-twice")]
    public async Task A_wrong_line_is_named_and_nothing_is_imported(string lines, string code)
    {
        var (status, body) = await PostAsync(lines.StartsWith("code", StringComparison.Ordinal) ? lines : "code;regime;libelle;departement;horaires\n" + lines, "1");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(code, body, StringComparison.Ordinal);
        Assert.Empty(await Clerk.OrganismsAsync(null, Cancel));
    }

    [Fact]
    public async Task Without_the_registry_of_regimes_nothing_is_imported()
    {
        Rights.Silent = true;
        var (status, body) = await PostAsync(Table, "1");
        Assert.Equal(HttpStatusCode.BadGateway, status);
        Assert.Contains("rights-silent", body, StringComparison.Ordinal);
        Assert.Empty(await Clerk.OrganismsAsync(null, Cancel));
    }

    [Fact]
    public async Task Hours_that_were_stored_before_are_no_end_of_the_service()
    {
        var ticket = await ReadyToTransferAsync();
        await using (var scope = Host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<SupportDb>();
            db.OrganismTables.Add(new OrganismTableRow { Version = "old", From = new DateOnly(2026, 11, 1), ImportedAt = Clock.GetUtcNow(), ImportedBy = "x" });
            db.Organisms.Add(new OrganismRow { Table = "old", Key = "01751", Regime = "test-regime", Label = "Rarement", Department = "75", Hours = "1 00:00-00:01" });
            await db.SaveChangesAsync(Cancel);
        }

        var moved = await MoveAsync(Hotline, ticket, TicketAction.Transfer);

        Assert.True(moved.Clocks.Single(clock => clock.Kind == ClockKind.OrganismAnswer).DueAt > Clock.GetUtcNow().AddYears(20));
    }

    [Fact]
    public async Task A_first_table_is_imported_where_the_settings_name_one_and_none_ever_was()
    {
        await using var host = new SupportHost(Clock, [.. Sessions.Settings, new("Services:Rights", Rights.Address), new("Support:OrganismFile", Path.Combine(Repository.Root, "docs", "organisms-example.csv"))]);
        using var client = host.CreateClient();
        await using var db = await host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        await Deadline.UntilAsync("it is imported", TimeSpan.FromSeconds(60), async () => await db.Organisms.AnyAsync(row => row.Key == "01011", Cancel), Cancel);
        Assert.Equal(["first"], await db.OrganismTables.Select(row => row.Version).ToListAsync(Cancel));
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string table, string version)
    {
        using var content = new StringContent(table, Encoding.UTF8, "text/csv");
        using var response = await Host.ClientOf(Token(CdrRoles.Operations)).PostAsync($"/api/support/organisms?version={version}&from=2026-01-01", content, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }
}
