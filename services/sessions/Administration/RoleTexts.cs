using Cdr.Contracts.Sessions;
using Cdr.ServiceDefaults;
using Cdr.Sessions.Data;
using Cdr.Sessions.Habilitations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Sessions.Administration;

/// <summary>What the use cases of roles say alike.</summary>
internal static class RoleTexts
{
    /// <param name="register">Opens names.</param>
    /// <param name="habilitation">With its person and establishment.</param>
    public static RoleState StateOf(PersonRegister register, Habilitation habilitation) => new(
        habilitation.Id,
        register.NameOf(habilitation.Person!),
        habilitation.Role,
        habilitation.EstablishmentFiness,
        habilitation.Establishment?.Name,
        habilitation.Unit,
        habilitation.GroupId,
        habilitation.Regime,
        habilitation.From,
        habilitation.Until,
        habilitation.Organism);

    /// <summary>As a referent sees it.</summary>
    /// <param name="register">Opens names.</param>
    /// <param name="habilitation">With its person.</param>
    public static HabilitationState HabilitationOf(PersonRegister register, Habilitation habilitation) => new(
        habilitation.Id, register.NameOf(habilitation.Person!), habilitation.Role, habilitation.Unit, habilitation.Origin, habilitation.From, habilitation.Until, register.NumberEndOf(habilitation.Person!));

    public static string DetailOf(Habilitation habilitation) =>
        string.Join(' ', new[] { habilitation.Role, habilitation.EstablishmentFiness, habilitation.Unit, habilitation.GroupId, habilitation.Regime, habilitation.Organism, $"{habilitation.From:O}/{habilitation.Until:O}" }.Where(part => !string.IsNullOrEmpty(part)));

    /// <summary>A national identifier with its prefix, or staff of a provider by issuer and subject.</summary>
    public static bool IsNumber(string? number) =>
        number is { Length: >= 6 and <= 64 } && number[0] is >= '0' and <= '9' && number.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-')
        || number is { Length: <= 512 } && number.StartsWith("openid|", StringComparison.Ordinal) && number.Split('|') is [_, { Length: > 0 } issuer, { Length: > 0 }] && Uri.IsWellFormedUriString(issuer, UriKind.Absolute);

    public static ProblemHttpResult NumberInvalid() =>
        Problems.Invalid("number", "number-invalid", "L'identifiant n'est pas valable.", "Préfixe puis numéro, comme sur la carte : 8 et le RPPS… ; ou « openid|émetteur|sub » pour qui se connecte par un fournisseur d'identité.");

    public static ProblemHttpResult OneselfRefused() =>
        Problems.Problem(StatusCodes.Status403Forbidden, "role-of-oneself", "Personne ne change ses propres rôles.", "Demandez-le à un autre administrateur.");
}
