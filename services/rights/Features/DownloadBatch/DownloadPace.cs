using System.Globalization;
using Cdr.Rights.Batches;
using Cdr.Rights.Inquiry;
using Cdr.ServiceDefaults;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.SharedState;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Cdr.Rights.Features.DownloadBatch;

/// <summary>
/// The same results, in the same form and from the same place on, once in a while for each person: a program that asks in a circle would
/// write hundreds of traces of reading a second. While the shared state is silent nobody is refused.
/// </summary>
internal sealed class DownloadPace(ISharedState shared, [FromKeyedServices(RightsModule.Name)] Pseudonyms pseudonyms, IOptions<BatchOptions> options)
{
    /// <summary>What stands for the person, the results, their form and place.</summary>
    public string Key(Caller caller, Guid batch, bool csv, string? after) =>
        "cdr:batch-download:" + Convert.ToHexStringLower(pseudonyms.Of("batch-download", SubjectText.Parts(batch.ToString("N"), caller.Subject, csv ? "csv" : "json", after)));

    /// <returns>Null where they may be given.</returns>
    public async Task<ProblemHttpResult?> RefusalAsync(HttpResponse response, string key, CancellationToken cancellationToken)
    {
        var pause = options.Value.DownloadEvery;
        try
        {
            if (pause == TimeSpan.Zero || await shared.TryAddAsync(key, [1], pause, cancellationToken))
                return null;
        }
        catch (SharedStateUnavailableException)
        {
            return null;
        }

        response.Headers.RetryAfter = Math.Ceiling(pause.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        return Problems.Problem(StatusCodes.Status429TooManyRequests, "results-just-given", "Ces résultats viennent de vous être donnés.", "Attendez quelques secondes. Ce qui s'y ajoute se demande avec « next » du dernier appel ; l'avancement du lot se lit à son adresse, sans limite.");
    }

    /// <summary>They could not be given: who asks again does not wait for that.</summary>
    public async Task ForgetAsync(string key)
    {
        try
        {
            await shared.RemoveAsync(key, null, CancellationToken.None);
        }
        catch (SharedStateUnavailableException)
        {
            // It ends by itself.
        }
    }
}
