using Cdr.Contracts.Support;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Support.Tickets;

/// <summary>Why something is not done, in words for who wanted it.</summary>
internal static class TicketProblems
{
    public const int MostWords = 20_000;
    public const int MostTitle = 200;

    /// <summary>The same whether there is none or the caller may not see it.</summary>
    public static ProblemHttpResult Unknown() =>
        Problems.Problem(StatusCodes.Status404NotFound, "ticket-not-found", "Ce ticket n'existe pas, ou n'est pas de ceux que vous suivez.", "Vérifiez le numéro : neuf chiffres, en trois groupes.");

    public static ProblemHttpResult NoScope() =>
        Problems.Problem(StatusCodes.Status403Forbidden, "no-scope", "Votre session ne dit pas pour qui vous travaillez.", "Reconnectez-vous en choisissant votre établissement ou votre régime.");

    public static ProblemHttpResult Changed() =>
        Problems.Problem(StatusCodes.Status409Conflict, "ticket-changed", "Quelqu'un vient de modifier ce ticket.", "Relisez-le, puis recommencez.");

    /// <summary>The same whether the one of that id is the caller's or another's.</summary>
    public static ProblemHttpResult OpenedOtherwise() =>
        Problems.Problem(StatusCodes.Status409Conflict, "ticket-opened-otherwise", "Cette demande est déjà ouverte, avec ce qui a été envoyé d'abord.", "Ouvrez-la : vous pouvez y ajouter ce qui manque.");

    /// <summary>The same whether the one of that id is the caller's or another's.</summary>
    public static ProblemHttpResult DoneOtherwise() =>
        Problems.Problem(StatusCodes.Status409Conflict, "move-done-otherwise", "Cet identifiant est celui d'une autre action : celle-ci n'est pas faite.", "Relisez le ticket, puis recommencez avec un identifiant neuf.");

    public static ProblemHttpResult FileIdTaken() => Problems.Problem(StatusCodes.Status409Conflict, "file-id-taken", "Cet identifiant est celui d'un autre fichier.", "Choisissez-en un neuf.");

    public static ProblemHttpResult FilesTooMany(int most) =>
        Problems.Problem(StatusCodes.Status409Conflict, "files-too-many", $"Ce ticket a déjà {most} fichiers : celui-ci n'est pas gardé.", "Réunissez les pages en un seul PDF, ou décrivez la différence dans une réponse.");

    public static ProblemHttpResult NotYours() => Problems.Problem(StatusCodes.Status403Forbidden, "move-not-yours", "Cette action n'est pas de votre ressort.");

    public static ProblemHttpResult NotNow(TicketState state) =>
        Problems.Problem(StatusCodes.Status409Conflict, "move-not-now", "Le ticket ne permet pas cette action dans son état actuel.", "Relisez-le : il a pu changer.", ("state", state));

    public static ProblemHttpResult ReferentSends(bool isKept) =>
        Problems.Problem(StatusCodes.Status403Forbidden, "referent-sends", "Dans votre établissement, c'est le référent qui envoie les tickets à la hotline.", isKept ? "Le ticket et sa preuve sont gardés : prévenez votre référent." : "Rien n'a été gardé : ouvrez le ticket sans l'envoyer (« send » à faux), et prévenez votre référent.");

    public static ProblemHttpResult TextInvalid() => Problems.Invalid("text", "text-invalid", "Écrivez de 1 à 20 000 caractères.");

    public static ProblemHttpResult NotTransferable() =>
        Problems.Problem(StatusCodes.Status409Conflict, "not-transferable", "Seule une incohérence de données se transfère à un organisme.", "La hotline résout elle-même les questions techniques et d'utilisation.");

    public static ProblemHttpResult Incomplete(IReadOnlyList<string> missing) =>
        Problems.Problem(StatusCodes.Status409Conflict, "checklist-incomplete", "La liste de contrôle n'est pas complète : rien n'est transféré.", "Cochez ce qui est fait, ou demandez-le à l'établissement.", ("missing", missing));

    public static ProblemHttpResult CauseMissing() =>
        Problems.Invalid("cause", "cause-missing", "Un ticket résolu dit sa cause.", "Choisissez-en une dans la liste des causes ; « other » s'il n'y en a pas d'autre.");

    public static ProblemHttpResult CauseUnknown() =>
        Problems.Invalid("cause", "cause-unknown", "Cette cause n'existe pas, n'est pas de cette nature de ticket, ou n'est plus en usage.", "Choisissez-en une autre dans la liste des causes.");

    public static ProblemHttpResult MergedElsewhere() =>
        Problems.Problem(StatusCodes.Status409Conflict, "merge-elsewhere", "Ces deux tickets sont de deux établissements : l'un ne verrait plus le sien, ou verrait celui de l'autre.", "Liez-les : chacun garde le sien, et la hotline passe de l'un à l'autre.");

    public static ProblemHttpResult MergedIntoOver() =>
        Problems.Problem(StatusCodes.Status409Conflict, "merge-into-over", "L'autre ticket n'est plus en cours : personne ne répondrait à celui-ci.", "Rouvrez l'autre d'abord, ou réunissez-le à celui-ci, ou liez-les.");

    public static ProblemHttpResult MergedIntoOtherKind() =>
        Problems.Problem(StatusCodes.Status409Conflict, "merge-other-kind", "Ces deux tickets ne sont pas de la même nature : l'un se résout sans l'organisme, l'autre non.", "Changez d'abord la nature de l'un, ou liez-les.");

    public static ProblemHttpResult MergeHidesProof() =>
        Problems.Problem(StatusCodes.Status409Conflict, "merge-hides-proof", "Ce ticket garde la réponse contestée, et l'autre n'en a pas : l'organisme ne la verrait plus.", "Réunissez-les dans l'autre sens.");

    public static ProblemHttpResult AnswerThere() => Problems.Problem(StatusCodes.Status409Conflict, "consultation-there", "Cette réponse est déjà gardée avec ce ticket.");

    public static ProblemHttpResult AnswersTooMany(int most) =>
        Problems.Problem(StatusCodes.Status409Conflict, "answers-too-many", $"Ce ticket garde déjà {most} réponses.", "Décrivez la nouvelle réponse en quelques mots.");

    public static ProblemHttpResult AnswerOfAnother() =>
        Problems.Problem(StatusCodes.Status409Conflict, "answer-of-another", "Cette réponse est celle d'une autre personne que la réponse contestée.", "Consultez à nouveau depuis le ticket, et choisissez la même personne.");

    public static ProblemHttpResult AnswerOfNobody() =>
        Problems.Problem(StatusCodes.Status409Conflict, "answer-of-nobody", "L'une des deux réponses ne nomme personne : rien ne dit qu'elles parlent de la même.", "Décrivez la nouvelle réponse en quelques mots, sans nom ni numéro, ou ouvrez un ticket depuis elle.");

    public static ProblemHttpResult FirstUnreadable() =>
        Problems.Problem(StatusCodes.Status409Conflict, "answer-unreadable", "La réponse contestée ne s'ouvre plus : rien ne dit que celle-ci parle de la même personne.", "Ouvrez un ticket depuis la nouvelle réponse, et liez-les.");

    public static ProblemHttpResult ShowsNoRights() =>
        Problems.Problem(StatusCodes.Status409Conflict, "consultation-needless", "Une question technique ou d'utilisation ne montre les droits de personne.", "Changez la nature du ticket, si c'est une réponse qui est contestée.");

    public static ProblemHttpResult OrganismDecides() =>
        Problems.Problem(StatusCodes.Status409Conflict, "organism-decides", "Une incohérence de données n'est pas résolue par la hotline.", "Transférez le ticket à l'organisme qui gère le dossier ; sa réponse permettra de le résoudre. Si personne ne peut répondre, retirez-le en disant pourquoi.");
}
