using Cdr.Contracts.Rights;
using Microsoft.Extensions.Options;
using static Cdr.Rights.Statements.StatementWords;

namespace Cdr.Rights.Statements;

/// <summary>From the answer, as it was given, to what is printed of it.</summary>
internal sealed class StatementWriting(IOptions<StatementOptions> options)
{
    /// <param name="answer">As it was given.</param>
    /// <param name="made">Its code.</param>
    /// <param name="establishment">FINESS, as the journal has it: whoever holds the paper asks there whether it says what was answered.</param>
    /// <param name="timeZone">IANA name, for instants.</param>
    public Statement Write(ConsultationAnswer answer, StatementCodes.Made made, string establishment, string timeZone)
    {
        var code = made.Code.ToString();
        var verifyAt = options.Value.Origin is { } origin ? new Uri($"{origin.TrimEnd('/')}/verify/{code}") : null;
        List<string> warnings = [];
        if (answer.Affiliations.Any(affiliation => affiliation.Source.Freshness == Freshness.Stale))
            warnings.Add(Text("StaleNoProof"));
        if (answer.Missing.Count > 0)
            warnings.Add(Text("Missing", string.Join(", ", answer.Missing)));
        return new Statement
        {
            Consultation = answer.Id,
            Code = code,
            VerifyAt = verifyAt,
            AnsweredAt = answer.AnsweredAt,
            MadeAt = made.Row.MadeAt,
            TimeZone = timeZone,
            Title = Text("Statement"),
            Worth = Text("StatementWorth"),
            Warnings = warnings,
            Reference =
            [
                new(Text("StatementConsultation"), $"{answer.Id}"),
                new(Text("StatementEstablishment"), establishment),
                new(Text("StatementAnsweredAt"), Instant(answer.AnsweredAt, timeZone)),
                new(Text("StatementMadeAt"), Instant(made.Row.MadeAt, timeZone)),
                new(Text("StatementRules"), answer.RulesVersion),
                new(Text("StatementCode"), code),
                new(Text("StatementVerify"), verifyAt is null ? Text("StatementVerifyPortal") : Text("StatementVerifyAt", $"{options.Value.Origin!.TrimEnd('/')}/verify")),
            ],
            Sections = [Summary(answer, timeZone), .. answer.Affiliations.SelectMany(affiliation => AffiliationSections.Of(affiliation, timeZone)), Regimes(answer)],
        };
    }

    private static StatementSection Summary(ConsultationAnswer answer, string timeZone) => new()
    {
        Title = answer.Headline,
        Lines =
        [
            new(null, answer.Explanation),
            .. answer.Reference is { } reference ? [new StatementLine(null, $"{reference.Sentence} {Text("Rule", reference.Rule)}")] : Array.Empty<StatementLine>(),
            new(null, Text("CheckedAt", Instant(answer.AnsweredAt, timeZone), Day(answer.CareDate), Reason(answer.Reason))),
        ],
    };

    private static StatementSection Regimes(ConsultationAnswer answer) => new()
    {
        Title = Text("RegimesAnswered"),
        Lines = [.. answer.Regimes.Select(state => new StatementLine(state.Name, state.Message))],
    };
}
