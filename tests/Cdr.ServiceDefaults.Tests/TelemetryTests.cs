using System.Text;
using Cdr.ServiceDefaults.Tests.Doubles;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Cdr.Testing.Platforms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cdr.ServiceDefaults.Tests;

public sealed class TelemetryTests
{
    private const string Nir = "284057511290154";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_put_in_an_address_by_mistake_is_in_no_trace()
    {
        await using var telemetry = await OtlpReceiver.StartAsync(Cancel);
        await using var sessions = await TestTokens.StartAsync(cancellationToken: Cancel);
        await using (var host = new DefaultsHost { Sessions = sessions })
        {
            await host.StartAsync(app => app.MapGet("/asked/{who}", () => TypedResults.Ok()).AllowAnonymous(), settings: [.. telemetry.Settings]);
            // In the path, as a value, and where no instrumentation masks it: as a key.
            foreach (var address in (string[])["/asked/" + Nir, "/asked/a?nir=" + Nir, $"/asked/b?{Nir}", $"/nowhere?{Nir}=1"])
                using (await host.Client().GetAsync(address, Cancel))
                    continue;
            await Deadline.UntilAsync("traces arrive", TimeSpan.FromSeconds(30), () => Traces(telemetry).Contains("/asked/{who}", StringComparison.Ordinal), Cancel);
        }

        // Closed: all was sent.
        Assert.DoesNotContain(Nir, Traces(telemetry), StringComparison.Ordinal);
    }

    private static string Traces(OtlpReceiver telemetry) => string.Concat(telemetry.Received.Where(export => export.Signal == "traces").Select(export => Encoding.Latin1.GetString(export.Body)));
}
