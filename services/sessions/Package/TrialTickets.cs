using System.Globalization;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;

namespace Cdr.Sessions.Package;

/// <summary>The ticket that a failed trial becomes: what its referent would have to write, written.</summary>
internal static class TrialTickets
{
    /// <summary>In the hotline's words, whatever language the page was read in.</summary>
    public static IReadOnlyDictionary<string, string> FunctionWords { get; } = new Dictionary<string, string>
    {
        [TrialFunctions.Reception] = "admissions",
        [TrialFunctions.Emergencies] = "urgences",
        [TrialFunctions.Invoicing] = "facturation",
    };

    /// <summary>The same.</summary>
    public static IReadOnlyDictionary<string, string> CheckWords { get; } = new Dictionary<string, string>
    {
        [TrialChecks.Agent] = "L'agent CDR ne s'installe pas ou ne démarre pas.",
        [TrialChecks.Reader] = "Le lecteur de cartes n'est pas vu.",
        [TrialChecks.Cryptolib] = "La Cryptolib CPS n'est pas trouvée, ou pas dans la version attendue.",
        [TrialChecks.Card] = "La carte n'est pas reconnue.",
        [TrialChecks.Pin] = "Le code n'est pas demandé, ou n'est pas accepté.",
        [TrialChecks.Portal] = "Le portail ne s'ouvre pas dans le navigateur.",
        [TrialChecks.Session] = "La session ne s'ouvre pas.",
        [TrialChecks.Question] = "Une consultation de droits n'obtient pas de réponse.",
        [TrialChecks.Withdrawal] = "Le retrait de la carte ne ferme pas la page.",
        [TrialChecks.Printing] = "Le relevé ne s'imprime pas.",
        [TrialChecks.Other] = "Autre chose, à dire de vive voix.",
    };

    /// <param name="trial">Id of the trial.</param>
    /// <param name="at">Its instant.</param>
    /// <param name="told">It failed, and is valid.</param>
    /// <param name="establishment">Whose post it is; the hour is that of its clocks.</param>
    public static TicketDraft Of(Guid trial, DateTimeOffset at, PostTrial told, Establishment establishment)
    {
        var function = FunctionWords[told.Function];
        var there = EstablishmentDay.HourOf(establishment.Department, at).ToString("dd/MM/yyyy HH:mm", CultureInfo.InvariantCulture);
        string[] lines =
        [
            $"Établissement : {establishment.Name} (FINESS {establishment.Finess})",
            $"Poste : {told.Post}",
            $"Fonction essayée : {function}",
            $"Essai du {there} (heure de l'établissement), référence {trial}",
            "",
            "Ce qui n'a pas marché :",
            .. told.Failed!.Select(check => "- " + CheckWords[check]),
            "",
            "À joindre : le rapport de « cdr-agent diagnose », qui ne contient rien d'une personne. Aucun code de carte n'est à donner, ni ici ni au téléphone.",
        ];
        return new TicketDraft(TicketKinds.Technical, $"Essai d'un poste en échec ({function}) : {told.Post}", string.Join('\n', lines), establishment.Finess, told.Post, told.Function, told.Failed!, trial, at);
    }

    public static string TextOf(TicketDraft ticket) => JsonSerializer.Serialize(ticket, JsonSerializerOptions.Web);

    public static TicketDraft? Read(string? text) => text is null ? null : JsonSerializer.Deserialize<TicketDraft>(text, JsonSerializerOptions.Web);
}
