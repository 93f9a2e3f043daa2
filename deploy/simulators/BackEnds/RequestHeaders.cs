using Cdr.Domain;
using Cdr.RegimeSimulator.Protocols;

namespace Cdr.RegimeSimulator.BackEnds;

/// <summary>What every request carries beside its body.</summary>
internal static class RequestHeaders
{
    public const string Consultation = "X-Consultation";

    private const string Establishment = "X-Establishment";
    private const string Purpose = "X-Purpose";

    /// <summary>A regime that could not tell who asks, where and why would have no trace to keep.</summary>
    public static Reply.Refused? Refusal(HttpRequest request)
    {
        if (request.QueryString.HasValue)
            return new Reply.Refused("ADRESSE", "L'adresse ne porte rien : tout est dans le corps.");
        if (!Guid.TryParse(request.Headers[Consultation], out _))
            return Missing(Consultation);
        if (!Finess.Parse(request.Headers[Establishment]).IsValid)
            return Missing(Establishment);
        return ConsultationReason.Parse(request.Headers[Purpose]).IsValid ? null : Missing(Purpose);
    }

    private static Reply.Refused Missing(string header) => new("ENTETE", $"L'en-tête {header} manque ou ne se lit pas.");
}
