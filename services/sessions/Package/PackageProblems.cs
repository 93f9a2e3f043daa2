using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Sessions.Package;

/// <summary>What every call of the package area may be refused for.</summary>
internal static class PackageProblems
{
    public static ProblemHttpResult Absent() => Problems.Problem(404, "package-absent", "Cette installation ne propose pas de paquet à télécharger.");

    public static ProblemHttpResult Unknown(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"CDR\", charset=\"UTF-8\"";
        return Problems.Problem(401, "package-credentials-wrong", "Ces identifiants n'ouvrent pas, ou plus, le paquet d'installation.", "Refaites une demande.");
    }

    public static ProblemHttpResult LicenceRequired(PackageOptions options) =>
        Problems.Problem(403, "licence-required", "La licence n'a pas été acceptée.", "Lisez les documents « à lire impérativement », puis acceptez la licence.", ("version", options.LicenceVersion));
}
