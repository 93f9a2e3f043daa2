using Cdr.Contracts.Sessions;

namespace Cdr.EdgeAgent.Resident;

/// <summary>Why a session ended, as a person reads it; with its code, by which programs and the hotline know it.</summary>
internal static class EndWords
{
    public static string Of(string because) => because switch
    {
        SessionEnds.SignedOut => "la déconnexion a été demandée",
        SessionEnds.Withdrawn => "la carte a été retirée",
        SessionEnds.ReaderLost => "le lecteur ne répondait plus",
        SessionEnds.Locked => "l'écran a été verrouillé, ou le poste mis en veille",
        SessionEnds.LoggedOff => "la session du système a pris fin, ou l'agent s'est arrêté",
        SessionEnds.HeartbeatLost => "la plateforme n'avait plus de nouvelles de ce poste",
        SessionEnds.Replaced => "une session plus récente de la même personne l'a remplacée",
        SessionEnds.Expired => "elle avait atteint sa durée",
        SessionEnds.Revoked => "le rôle ou l'accès a été retiré",
        SessionEnds.CardOpposed => "la carte est en opposition",
        SessionEnds.Untrusted => "l'émetteur de la carte n'est plus reconnu",
        SessionEnds.Unknown => "la plateforme ne la connaît plus",
        _ => "la plateforme y a mis fin",
    } + $" (code : {because})";
}
