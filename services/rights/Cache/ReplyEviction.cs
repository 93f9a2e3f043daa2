using Cdr.Domain;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.SharedState;

namespace Cdr.Rights.Cache;

/// <summary>
/// Which kept replies are about a person, so that their regime can have them forgotten: a reply's key is a hash of all its inputs, and
/// says nothing of whom it is about. Written where a reply is kept, read where a regime tells of a change; a question reads none of it.
/// </summary>
internal sealed class ReplyEviction(ISharedState shared, [FromKeyedServices("Rights")] Pseudonyms pseudonyms)
{
    private const string Purpose = "eviction";
    private static readonly byte[] Mark = "1"u8.ToArray();

    // Longer than any call: what a regime said before the change is not kept after it.
    private static readonly TimeSpan Marked = TimeSpan.FromSeconds(30);

    /// <summary>Notes whom a reply is about, before it is kept: what is kept and not noted could not be forgotten.</summary>
    public async Task<Noted> NoteAsync(RegimeRow regime, RegimeSubject asked, RegimeAnswer answer, string key)
    {
        var lifetime = regime.Cache.Stale > regime.Cache.Found ? regime.Cache.Stale : regime.Cache.Found;
        try
        {
            foreach (var nir in Nirs(asked, answer).Distinct())
            {
                var name = Name(pseudonyms.Of(Purpose, Text(regime, nir)));
                // In this order: an eviction that ran before the first left its mark, one that runs after it finds the key.
                var added = shared.AddToSetAsync(KeysOf(name), key, lifetime, CancellationToken.None);
                var mark = shared.GetAsync(MarkOf(name), CancellationToken.None);
                await Task.WhenAll(added, mark);
                if (await mark is not null)
                    return Noted.Changed;
            }

            return Noted.Yes;
        }
        catch (SharedStateUnavailableException)
        {
            return Noted.NobodyKnows;
        }
    }

    /// <summary>Whether one of the persons changed a moment ago.</summary>
    /// <param name="regime">Which regime.</param>
    /// <param name="asked">Who was asked about.</param>
    /// <param name="answer">What the regime said.</param>
    /// <param name="inDoubt">What it is when nobody can say.</param>
    public async Task<bool> HasChangedAsync(RegimeRow regime, RegimeSubject asked, RegimeAnswer answer, bool inDoubt)
    {
        try
        {
            foreach (var nir in Nirs(asked, answer).Distinct())
            {
                if (await shared.GetAsync(MarkOf(Name(pseudonyms.Of(Purpose, Text(regime, nir)))), CancellationToken.None) is not null)
                    return true;
            }

            return false;
        }
        catch (SharedStateUnavailableException)
        {
            return inDoubt;
        }
    }

    /// <summary>Removes what is kept of these persons, for every establishment and care date.</summary>
    /// <returns>How many replies.</returns>
    /// <exception cref="SharedStateUnavailableException">Some may still be kept; told again, they are found again.</exception>
    public async Task<int> ForgetAsync(RegimeRow regime, IEnumerable<Nir> persons, CancellationToken cancellationToken)
    {
        HashSet<string> forgotten = new(StringComparer.Ordinal);
        foreach (var (_, pseudonym) in persons.SelectMany(nir => pseudonyms.AllOf(Purpose, Text(regime, nir))))
        {
            var name = Name(pseudonym);
            await shared.SetAsync(MarkOf(name), Mark, Marked, cancellationToken);
            var keys = await shared.ReadSetAsync(KeysOf(name), cancellationToken);
            // Past FusionCache, which hides that the shared state did not answer.
            foreach (var key in keys)
                await shared.RemoveAsync(key, null, cancellationToken);
            // Last: a key leaves the set once its reply is gone, so that whatever fails before is found again.
            await shared.RemoveFromSetAsync(KeysOf(name), keys, cancellationToken);
            forgotten.UnionWith(keys);
        }

        return forgotten.Count;
    }

    private static IEnumerable<Nir> Nirs(RegimeSubject asked, RegimeAnswer answer)
    {
        if (asked is RegimeSubject.ByNir byNir)
            yield return byNir.Nir;
        var rights = answer switch
        {
            RegimeAnswer.Found found => found.Rights,
            RegimeAnswer.Moved moved => moved.Rights,
            _ => null,
        };
        if (rights is not null)
            yield return rights.Insured.Nir;
        if (rights?.Beneficiary.Nir is { } own)
            yield return own;
        if (answer is not RegimeAnswer.Candidates candidates)
            yield break;
        foreach (var person in candidates.People)
        {
            if (person.Nir is { } nir)
                yield return nir;
        }
    }

    private static string Text(RegimeRow regime, Nir nir) => SubjectText.Parts(regime.Id.Value, nir.Value);

    private static string Name(byte[] pseudonym) => Convert.ToHexStringLower(pseudonym);

    private static string KeysOf(string name) => "cdr:kept:" + name;

    private static string MarkOf(string name) => "cdr:changed:" + name;
}

/// <summary>What became of noting whom a reply is about.</summary>
internal enum Noted
{
    /// <summary>It may be kept.</summary>
    Yes,

    /// <summary>One of them changed while the regime was being asked, or a moment before: it is neither kept nor given to others.</summary>
    Changed,

    /// <summary>The shared state did not say: it is not kept.</summary>
    NobodyKnows,
}
