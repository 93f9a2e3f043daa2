using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Cdr.ServiceDefaults.Stores;
using Cdr.ServiceDefaults.Tests.Doubles;
using Cdr.Testing.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Cdr.ServiceDefaults.Tests.Stores;

public sealed class StoreOutageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("08006")] // connection_failure
    [InlineData("53300")] // too_many_connections
    [InlineData("57P01")] // admin_shutdown
    [InlineData("57P03")] // cannot_connect_now: it is starting
    [InlineData("58030")] // io_error
    [InlineData("40001")] // serialization_failure: transient
    public void A_server_that_cannot_work_now_is_an_outage(string state) => Assert.True(StoreOutage.Is(Said(state)));

    [Theory]
    [InlineData("23505")] // unique_violation
    [InlineData("42501")] // insufficient_privilege
    [InlineData("42P01")] // undefined_table
    [InlineData("22001")] // string too long
    [InlineData("57014")] // query_canceled: by its caller
    public void A_server_that_refuses_what_it_was_told_is_none(string state) => Assert.False(StoreOutage.Is(Said(state)));

    [Theory]
    [InlineData(5, true)] // SQLITE_BUSY
    [InlineData(6, true)] // SQLITE_LOCKED
    [InlineData(10, true)] // SQLITE_IOERR
    [InlineData(13, true)] // SQLITE_FULL
    [InlineData(14, true)] // SQLITE_CANTOPEN
    [InlineData(1, false)] // SQLITE_ERROR: no such table
    [InlineData(19, false)] // SQLITE_CONSTRAINT
    public void A_file_that_cannot_be_used_now_is_an_outage(int code, bool outage) => Assert.Equal(outage, StoreOutage.Is(new SqliteException("said", code)));

    [Fact]
    public void A_server_that_is_not_there_or_hangs_is_an_outage_however_it_is_wrapped()
    {
        var gone = new NpgsqlException("gone", new SocketException((int)SocketError.ConnectionRefused));
        Assert.True(StoreOutage.Is(gone));
        Assert.True(StoreOutage.Is(new TimeoutException()));
        Assert.True(StoreOutage.Is(new InvalidOperationException("transient", gone)));
        Assert.True(StoreOutage.Is(new DbUpdateException("saving", gone)));
        Assert.False(StoreOutage.Is(new InvalidOperationException("ours")));
        Assert.False(StoreOutage.Is(new DbUpdateException("saving", Said("23505"))));
        Assert.False(StoreOutage.Is(new InvalidOperationException("ours", new ArgumentException("wrong"))));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8")]
    public async Task An_outage_nobody_caught_is_answered_503_and_when_to_ask_again(string accept)
    {
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using var host = new DefaultsHost { Sessions = sessions };
        await host.StartAsync(app => app.MapGet("/ask", string () => throw new InvalidOperationException("transient", new NpgsqlException("gone"))).AllowAnonymous());

        using var client = host.Client();
        client.DefaultRequestHeaders.Add("Accept", accept);
        using var response = await client.GetAsync("/ask", Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("unavailable", JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(StatusCodes.Status413PayloadTooLarge, "request-too-large")]
    [InlineData(StatusCodes.Status400BadRequest, "request-unreadable")]
    public async Task A_bad_request_keeps_its_own_status(int status, string code)
    {
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using var host = new DefaultsHost { Sessions = sessions };
        await host.StartAsync(app => app.MapGet("/ask", string () => throw new BadHttpRequestException("bad", status)).AllowAnonymous());

        using var response = await host.Client().GetAsync("/ask", Cancel);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Null(response.Headers.RetryAfter);
        Assert.Equal(code, JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("code").GetString());
    }

    private static PostgresException Said(string state) => new("said", "ERROR", "ERROR", state);
}
