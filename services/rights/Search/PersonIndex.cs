using System.Text;
using Cdr.Domain;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.SharedState;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Search;

/// <summary>
/// Which regime had a person's open rights last: keyed hash of the number → regime, sealed, for a time. It decides who is asked first
/// and nothing else; silent, wrong or switched off, the answer is the same.
/// </summary>
/// <remarks>By number only: a search by names asks every regime, and needs no order.</remarks>
internal sealed class PersonIndex(
    ISharedState shared, [FromKeyedServices("Rights")] Pseudonyms pseudonyms, [FromKeyedServices("Rights")] Sealer sealer, IOptions<SearchOptions> options, TimeProvider clock)
{
    private const string Purpose = "person-index";

    // What it saves is a call or two: it is not worth a longer wait.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private long restsUntil;

    /// <summary>The regime; null when nothing is known, or the shared state is silent.</summary>
    public async Task<RegimeId?> FindAsync(RegimeSubject subject)
    {
        if (!options.Value.Index || subject is not RegimeSubject.ByNir { Nir: var nir } || Rests)
            return null;
        var key = Key(nir.Value);
        try
        {
            return await shared.GetAsync(key, CancellationToken.None).WaitAsync(Patience, clock) is { } kept
                && sealer.TryOpen(Purpose, Encoding.ASCII.GetBytes(key), kept, out var plain)
                && RegimeId.Parse(Encoding.ASCII.GetString(plain)).TryGet(out var regime, out _)
                    ? regime
                    : null;
        }
        catch (Exception e) when (e is SharedStateUnavailableException or TimeoutException)
        {
            RestAWhile();
            return null;
        }
    }

    /// <summary>Nobody waits for it: at worst the next question about this person asks one regime more.</summary>
    public void Remember(string nir, RegimeId regime)
    {
        if (options.Value.Index && !Rests)
            _ = RememberAsync(Key(nir), regime);
    }

    private async Task RememberAsync(string key, RegimeId regime)
    {
        try
        {
            await shared.SetAsync(key, sealer.Seal(Purpose, Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(regime.Value)), options.Value.IndexLifetime, CancellationToken.None);
        }
        catch (SharedStateUnavailableException)
        {
            RestAWhile();
        }
    }

    private bool Rests => clock.GetUtcNow().UtcTicks < Volatile.Read(ref restsUntil);

    private void RestAWhile() => Volatile.Write(ref restsUntil, (clock.GetUtcNow() + Rest).UtcTicks);

    private string Key(string nir) => "cdr:person:" + Convert.ToHexStringLower(pseudonyms.Of(Purpose, SubjectText.PersonByNir(nir)));
}
