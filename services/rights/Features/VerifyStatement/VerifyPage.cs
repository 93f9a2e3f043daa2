using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Rights;
using Cdr.Rights.Statements;

namespace Cdr.Rights.Features.VerifyStatement;

/// <summary>
/// The page of whoever holds a statement in hand: no session, no script, nothing from elsewhere. It is the service's own, since the portal's
/// pages belong to signed-in people. What was typed is never written back.
/// </summary>
internal sealed class VerifyPage : IResult
{
    private const string Style =
        "body{margin:0;background:#f4f6f9;color:#1d2733;font:1rem/1.5 Marianne,'Segoe UI',system-ui,sans-serif}" +
        "main{max-width:40rem;margin:2rem auto;padding:1.25rem 1.5rem;background:#fff;border:1px solid #c3ccd8;border-radius:8px}" +
        "header{background:#123f66;color:#fff;padding:.9rem 1.25rem;font-weight:600}h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem}" +
        ".said{border-left:5px solid #8a4b00;background:#fdf3e3;padding:.75rem 1rem}.genuine{border-color:#1b6b3a;background:#e7f4ec}" +
        ".said h2{font-size:1.2rem;margin:0 0 .35rem}label{display:block;font-weight:600;margin-top:1.5rem}" +
        "input{width:100%;box-sizing:border-box;font:inherit;letter-spacing:.05em;padding:.55rem .7rem;min-height:2.75rem;border:1px solid #66758a;border-radius:6px}" +
        "button{margin-top:.75rem;padding:.55rem 1.1rem;border:1px solid #123f66;border-radius:6px;background:#123f66;color:#fff;font:inherit;font-weight:600;cursor:pointer}" +
        ".hint{color:#4a5868;font-size:.9rem;margin:.15rem 0}:focus-visible{outline:3px solid #b45309;outline-offset:2px}" +
        "@media print{header,form{display:none}main{border:0;margin:0}}";

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private readonly string said;
    private readonly int status;

    private VerifyPage(string said, int status = StatusCodes.Status200OK) => (this.said, this.status) = (said, status);

    public static bool IsWantedBy(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static VerifyPage Form() => new("");

    public static VerifyPage TooMany() =>
        new(Said("too-many", "Trop de vérifications", "Trop de vérifications viennent de votre adresse. Réessayez dans quelques instants."), StatusCodes.Status429TooManyRequests);

    public static VerifyPage Silent() =>
        new(Said("silent", "Vérification impossible en ce moment", "Le service ne répond pas. Cela ne dit rien de ce relevé : réessayez dans quelques instants."), StatusCodes.Status503ServiceUnavailable);

    public static VerifyPage Of(StatementVerification verification) => new(verification switch
    {
        { Genuine: true, AnsweredAt: { } at } => Said("genuine", "Code authentique",
            $"Un relevé de consultation porte ce code. Sa réponse a été donnée le <strong>{StatementWords.Instant(at, "Europe/Paris")}</strong>, soit {at.UtcDateTime.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)} UTC.",
            "Comparez cet instant avec celui du relevé que vous tenez : s’il diffère, ce n’est pas le relevé qui a été établi sous ce code.",
            "Le contenu du papier n’est pas vérifié ici : l’établissement le confirme par l’identifiant.",
            StatementWords.Text("StatementWorth")),
        { Mistyped: true } => Said("refused", "Code refusé",
            "Ce code n’est pas complet, ou l’une de ses lettres n’est pas la bonne. Comparez-le avec le relevé et saisissez-le de nouveau."),
        _ => Said("refused", "Code refusé", "Aucun relevé de consultation n’a été établi sous ce code."),
    });

    private static string Said(string outcome, string title, params string[] sentences) =>
        $"<div class=\"said {outcome}\" role=\"status\" data-testid=\"verification\" data-outcome=\"{outcome}\"><h2>{title}</h2>{string.Concat(sentences.Select(sentence => $"<p>{sentence}</p>"))}</div>";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
        return response.WriteAsync(
        $"""
        <!DOCTYPE html>
        <html lang="fr">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>Vérifier un relevé de consultation – CDR</title>
        <style>{Style}</style>
        </head>
        <body>
        <header>CDR – Consultation des droits</header>
        <main>
        <h1>Vérifier un relevé de consultation</h1>
        {said}
        <form action="/verify" method="post">
        <label for="code">Code de vérification</label>
        <p class="hint" id="hint">Vingt-cinq lettres et chiffres, par groupes de cinq, imprimés sur le relevé. Majuscules, espaces et tirets sont indifférents.</p>
        <input id="code" name="code" required maxlength="100" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="hint" data-testid="code">
        <button type="submit" data-testid="verify">Vérifier</button>
        </form>
        </main>
        </body>
        </html>
        """, httpContext.RequestAborted);
    }
}
