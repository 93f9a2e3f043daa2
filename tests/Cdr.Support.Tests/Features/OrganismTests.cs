using System.Net;
using System.Text;
using Cdr.Contracts.Sessions;

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

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string table, string version)
    {
        using var content = new StringContent(table, Encoding.UTF8, "text/csv");
        using var response = await Host.ClientOf(Token(CdrRoles.Operations)).PostAsync($"/api/support/organisms?version={version}&from=2026-01-01", content, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }
}
