using System.Net;
using Cdr.Rights.Regimes;
using FsCheck;
using FsCheck.Xunit;

namespace Cdr.Rights.Tests.Regimes;

/// <summary>Whatever happens to a good answer on its way, it never becomes "unknown here", and nothing is thrown.</summary>
public sealed class DamagedAnswerProperties : IDisposable
{
    private readonly RegimeHarness harness = new(EveryDialectTests.AlwaysOpen);

    public void Dispose() => harness.Dispose();

    [Property(MaxTest = 600)]
    public async Task<bool> A_cut_answer_is_unavailable(NonNegativeInt regime, NonNegativeInt length)
    {
        var (id, body) = Good(regime);
        // The line end after the last bracket is not part of the document.
        harness.Plan(body[..(length.Get * 37 % body.AsSpan().TrimEnd("\n"u8).Length)], Recorded.ContentType(id));

        return await harness.AskAsync(id) is RegimeAnswer.Unavailable { Reason: UnavailableReason.Unreadable };
    }

    [Property(MaxTest = 2000)]
    public async Task<bool> A_wrong_byte_never_reads_as_unknown(NonNegativeInt regime, NonNegativeInt position, byte value)
    {
        var (id, body) = Good(regime);
        body[position.Get * 7919 % body.Length] = value;
        harness.Plan(body, Recorded.ContentType(id));

        return await harness.AskAsync(id) is RegimeAnswer.Found or RegimeAnswer.Unavailable { Reason: UnavailableReason.Unreadable };
    }

    [Property(MaxTest = 300)]
    public async Task<bool> Any_bytes_are_unavailable_with_any_status(NonNegativeInt regime, byte[] bytes, NonNegativeInt status)
    {
        var id = Good(regime).Id;
        harness.Plan(bytes, Recorded.ContentType(id), (HttpStatusCode)(200 + (status.Get % 399)));

        return await harness.AskAsync(id) is RegimeAnswer.Unavailable;
    }

    private static (string Id, byte[] Body) Good(NonNegativeInt regime)
    {
        var rows = RegimeHarness.Shipped.Rows;
        var id = rows[regime.Get % rows.Count].Id.Value;
        return (id, Recorded.Body(id, "found"));
    }
}
