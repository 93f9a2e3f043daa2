using Cdr.Contracts.Rights;
using Cdr.Domain;
using Cdr.Rights.Derivation;
using Cdr.Rights.Inquiry;
using Cdr.Rights.Regimes;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Search;

/// <summary>
/// Looks for a person among the regimes, in waves: the regime that had their rights last, else the likeliest ones, then the others.
/// The next wave starts when this one has answered, or has taken longer than it usually does.
/// </summary>
internal sealed class RegimeSearch(RuleSet rules, RegimeRegistry registry, RegimeCaller regimes, PersonIndex index, IOptions<SearchOptions> options, TimeProvider clock)
{
    /// <summary>Asks one regime; the list is the wave it is asked in, the call is told when it leaves. Never fails: a failure is a finding.</summary>
    public delegate Task<RegimeFinding> Ask(RegimeRow regime, IReadOnlyList<RegimeRow> wave, CallTime call);

    /// <summary>The regimes that a question is about: the chosen one alone, or all.</summary>
    public IReadOnlyList<RegimeRow> Scope(Question question) =>
        question.Regime is { } chosen && question.Reason != ConsultationReason.InvoiceRejected && !(GoesOn(question) && options.Value.Enabled) ? [chosen] : registry.Rows;

    /// <returns>A finding a regime, in the order of the registry; one that was not asked says why.</returns>
    /// <param name="question">With several regimes in its scope.</param>
    /// <param name="ask">Asks one.</param>
    /// <param name="tell">Told each finding as it comes.</param>
    /// <param name="askDirectory">Which regimes another source points to, asked where this platform remembers none.</param>
    /// <param name="expect">Told the likeliest regime, before this platform looks whom it remembers: what is kept of it can be looked at meanwhile. Not beside a directory, which may take long.</param>
    public async Task<RegimeFinding[]> RunAsync(
        Question question, Ask ask, Action<RegimeFinding> tell, Func<Task<IReadOnlyList<RegimeId>>>? askDirectory = null, Action<RegimeRow>? expect = null)
    {
        if (!SearchRule.IsExhaustive(question, options.Value.Policy))
        {
            if (!GoesOn(question) && askDirectory is null)
                expect?.Invoke(RegimeLikelihood.Order(registry.Rows, question).First());
            IReadOnlyList<RegimeId> first =
                GoesOn(question) ? [question.Regime!.Id]
                : await index.FindAsync(question.Subject) is { } known ? [known]
                : askDirectory is null ? [] : await askDirectory();
            return await new SearchUnderWay(rules, registry, regimes, options.Value, clock, question, ask, tell).ToTheEndAsync(first);
        }

        // A rejected invoice concerns all of them, even where only the chosen one may be asked.
        var asked = options.Value.Enabled ? registry.Rows : [question.Regime!];
        return await Task.WhenAll(registry.Rows.Select(async regime =>
        {
            var finding = asked.Contains(regime)
                ? await ask(regime, asked, new CallTime(clock))
                : new RegimeFinding(regime, new RegimeAnswer.NotAsked(NotAskedReason.SearchOff), Freshness.Live, clock.GetUtcNow(), 0, null);
            tell(finding);
            return finding;
        }));
    }

    /// <summary>Remembers who has the person's rights, for the next search.</summary>
    public void Remember(Question question, IReadOnlyList<RegimeFinding> findings)
    {
        RegimeFinding? only = null;
        foreach (var finding in findings)
        {
            // A kept reply was remembered when it came.
            if (finding.Freshness != Freshness.Live || !AffiliationWriting.IsOpen(rules, finding, question))
                continue;
            if (only is not null)
                return;
            only = finding;
        }

        if (only is not null)
            index.Remember(question.Subject is RegimeSubject.ByNir { Nir: var nir } ? nir.Value : only.Rights!.Insured.Nir.Value, only.Regime.Id);
    }

    /// <summary>Somebody picked from a list is asked of the regime that proposed them, then of the others unless their rights are open there.</summary>
    private static bool GoesOn(Question question) => question.IsPicked && question.Subject is RegimeSubject.ByNir;
}
