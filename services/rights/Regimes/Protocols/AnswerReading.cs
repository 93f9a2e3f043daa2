using System.Net;
using Cdr.Domain;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>An answer that states its status, from canonical names: the same for JSON and XML.</summary>
internal sealed class AnswerReading(RegimeRow regime, RegimeRegistry registry)
{
    private readonly FileReading files = new(
        new WireDates(regime.Dialect.Dates!.Value), new WireCodes(regime.Dialect.Codes), regime.Dialect.OpenEnd);

    /// <param name="answer">Holds the status and what goes with it.</param>
    /// <param name="http">What the transport said: it has to agree.</param>
    /// <param name="unknownIsSaidLikeThis">Whether this is the dialect's own way to say "unknown here"; said otherwise it is not believed.</param>
    public RegimeAnswer Read(WireNode answer, HttpStatusCode http, bool unknownIsSaidLikeThis)
    {
        var status = Status(answer);
        // A failure that carries rights, or rights that come as a failure, contradicts itself.
        if (http != HttpStatusCode.OK && status is not (WireStatus.Unknown or WireStatus.Closed or WireStatus.Error))
            throw new UnreadableAnswerException("statut");

        switch (status)
        {
            case WireStatus.Found:
                answer.Only("statut", "statut", "dossier");
                return Found(answer.Required("dossier"));
            case WireStatus.Unknown when unknownIsSaidLikeThis:
                answer.Only("statut", "statut");
                return new RegimeAnswer.Unknown();
            case WireStatus.Candidates:
                answer.Only("statut", "statut", "candidats");
                return Candidates([.. answer.List("candidats").Select(files.Candidate)]);
            case WireStatus.BeneficiaryUnknown:
                answer.Only("statut", "statut");
                return new RegimeAnswer.BeneficiaryUnknown();
            case WireStatus.Moved:
                answer.Only("statut", "statut", "mutation", "dossier");
                return Moved(answer);
            case WireStatus.Closed:
                return new RegimeAnswer.Unavailable(UnavailableReason.Closed);
            case WireStatus.Error:
                return Refused(answer.Only("statut", "statut", "erreur").Required("erreur").Only("erreur", "code", "libelle"));
            default:
                throw new UnreadableAnswerException("statut");
        }
    }

    public RegimeAnswer.Found Found(WireNode file) => new(files.File(file));

    /// <exception cref="UnreadableAnswerException">A list of nobody.</exception>
    public static RegimeAnswer Candidates(IReadOnlyList<RegimeCandidate> people) =>
        people.Count > 0 ? new RegimeAnswer.Candidates(people) : throw new UnreadableAnswerException("candidats");

    private static RegimeAnswer.Unavailable Refused(WireNode error) =>
        new(UnavailableReason.Refused, WireValues.Refusal(
            error.RequiredText("code"), error.Required("libelle").Text ?? throw new UnreadableAnswerException("libelle")));

    private RegimeAnswer.Moved Moved(WireNode answer)
    {
        var move = answer.Required("mutation").Only("mutation", "versRegime", "depuis");
        return new RegimeAnswer.Moved(
            OtherRegime(move.RequiredText("versRegime"), regime.Id, registry),
            files.OptionalDay(move, "depuis"),
            answer.Optional("dossier") is { } file ? files.File(file) : null);
    }

    /// <exception cref="UnreadableAnswerException">Not another regime of the registry: nobody could be asked next.</exception>
    public static RegimeId OtherRegime(string text, RegimeId self, RegimeRegistry registry)
    {
        var to = WireValues.Regime(text);
        return to != self && registry.Find(to) is not null ? to : throw new UnreadableAnswerException("versRegime");
    }

    private WireStatus Status(WireNode answer) => regime.Dialect.Names == NameStyle.English
        ? WireStatuses.English(answer.OptionalText("statut"))
        : WireStatuses.French(answer.OptionalText("statut"));
}
