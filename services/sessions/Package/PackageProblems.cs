using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Sessions.Package;

/// <summary>What every call of the package area may be refused for.</summary>
internal static class PackageProblems
{
    public static ProblemHttpResult Absent() => Problems.Problem(404, "package-absent", "Cette installation ne propose pas de paquet à télécharger.");

    /// <summary>An eligible establishment, told as another type: the platform knows it by its FINESS category.</summary>
    public static ProblemHttpResult TypeDiffers() =>
        Problems.Problem(403, "establishment-type-differs", "Le type choisi n'est pas celui de cet établissement dans le répertoire FINESS.", "Choisissez « Centre de santé » pour un centre de santé, et un autre type pour un hôpital ou une clinique ; ou vérifiez le numéro FINESS.", ("field", "type"));

    public static ProblemHttpResult Unknown(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"CDR\", charset=\"UTF-8\"";
        return Problems.Problem(401, "package-credentials-wrong", "Ces identifiants n'ouvrent pas, ou plus, le paquet d'installation.", "Refaites une demande.");
    }

    public static ProblemHttpResult LicenceRequired(PackageOptions options) =>
        Problems.Problem(403, "licence-required", "La licence n'a pas été acceptée.", "Lisez les documents « à lire impérativement », puis acceptez la licence.", ("version", options.LicenceVersion));
}
