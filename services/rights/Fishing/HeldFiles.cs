using Cdr.ServiceDefaults;

namespace Cdr.Rights.Fishing;

/// <summary>What is told of files that are held: nothing of a desk.</summary>
internal static class HeldFiles
{
    private const string Then = "Vos autres consultations n'en dépendent pas. Appelez la hotline, ou votre référent technique : ";

    public static Held Stopped(bool ofCard, TimeSpan left) => Of(
        "batches-stopped", (ofCard ? "Vos lots" : "Les lots de votre établissement") + " sont suspendus : leurs lignes ressemblent à un relevé systématique de numéros.",
        Then + "l'exploitation peut lever la suspension aussitôt. Sinon elle prend fin d'elle-même.", left, ofCard ? HeldWith.Card : HeldWith.Establishment);

    public static Held DayFull(bool ofCard, TimeSpan left) => Of(
        "batches-day-full", (ofCard ? "Vos lots" : "Les lots de votre établissement") + " ont demandé autant de personnes qu'il est permis en un jour.",
        "Les lignes déjà acceptées attendent que les premières aient un jour ; celles qui attendent encore sont refusées à la fin du délai de leur lot, et se renvoient. " + Then + "l'exploitation peut rouvrir aussitôt.",
        left, HeldWith.Nothing);

    private static Held Of(string code, string title, string detail, TimeSpan left, HeldWith with) => new(Problems.Problem(StatusCodes.Status429TooManyRequests, code, title, detail), left) { With = with };
}
