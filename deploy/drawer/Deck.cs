using Cdr.Domain;

namespace Cdr.Drawer;

/// <summary>The cards of the drawer, in its order. Everybody on them is invented; <c>directory.json</c> says what they may act as.</summary>
internal static class Deck
{
    public const string Pin = "1234";

    private const string Nord = "590991014";
    private const string Clinique = "690991013";
    private const string Ehpad = "690991021";
    private const string Reunion = "970491015";
    private const string Platform = "99900000100019";
    private const string Caisse = "99900000200017";
    private const string Association = "99900000300015";

    public static IReadOnlyList<DeckCard> Cards { get; } =
    [
        Employee("cpe-admissions-nord", "Élodie", "Vermersch", Nord, 1, "CPE nominative — admissions", "Hôpital Nord du Mont-Vert (59), Admissions"),
        Employee("cpe-urgences-rhone", "Karim", "Benslimane", Clinique, 1, "CPE nominative — urgences", "Clinique des Deux-Rives (69), Urgences"),
        Employee("cpe-facturation-reunion", "Marie-Anaïs", "Payet-Hoarau", Reunion, 1, "CPE nominative — facturation", "Hôpital de la Ravine-Bleue (974), Facturation"),
        Professional("cps-medecin", CardKind.Cps, "Hélène", "Aubriot", "81990000119", "Médecin", "CPS — médecin à huit activités", "Trois hôpitaux, une clinique, un centre de santé : l'activité est à choisir"),
        Professional("cps-infirmier", CardKind.Cps, "Thomas", "Quenelle", "81990000226", "Infirmier", "CPS — infirmier", "Hôpital Sud du Mont-Vert (59), Urgences"),
        Professional("cpf-interne", CardKind.Cpf, "Inès", "Lacombe", "81990000333", "Interne en médecine", "CPF — interne", "Clinique des Deux-Rives (69), Urgences"),
        Employee("cpe-referent", "Bruno", "Deschodt", Nord, 2, "CPE nominative — référent technique", "Hôpital Nord du Mont-Vert (59)"),
        Employee("cpe-correspondant", "Sophie", "Grandclément", Clinique, 2, "CPE nominative — correspondante fonctionnelle", "Clinique des Deux-Rives (69)"),
        Employee("cpe-groupe", "Philippe", "Wallaert", Nord, 3, "CPE nominative — responsable de groupe", "Groupement hospitalier de Flandre"),
        Staff("cpa-hotline", "Nadia", "Ferroul", Platform, 1, "CPA — hotline", "Assistance de la plateforme"),
        Staff("cpa-exploitation", "Yann", "Le Goasguen", Platform, 2, "CPA — exploitation", "Équipe d'exploitation de la plateforme"),
        Staff("cpa-donnees", "Claire", "Montagnac", Platform, 3, "CPA — protection des données", "Déléguée à la protection des données"),
        Staff("cpa-administrateur", "Olivier", "Saint-Maur", Platform, 4, "CPA — administration", "Administrateur de la plateforme"),
        Staff("cpa-regime", "Isabelle", "Rouvière", Caisse, 1, "CPA — agent de régime", "Agent de la Cnam, toutes ses caisses"),
        Staff("cpa-caisse-paris", "Grégoire", "Malleville", Caisse, 2, "CPA — agent de caisse", "Agent de la CPAM de Paris (01751)"),
        Staff("cpa-caisse-nord", "Mathilde", "Vandewalle", Caisse, 3, "CPA — agent de caisse", "Agent de la CPAM du Nord (01591)"),

        Professional("cps-liberal", CardKind.Cps, "Julien", "Peyrat", "81990000440", "Chirurgien-dentiste", "CPS — exercice libéral seul", "Refusée : CDR est réservé aux établissements", opens: false),
        new("cpe-liberal", CardKind.CpeNominative, "Lucie", "Marchand", "1590099901/0000000001", "1590099901", null, "CPE — cabinet libéral", "Refusée : CPE d'un cabinet libéral", false),
        new("cpe-service", CardKind.CpeService, "Accueil de nuit", "", $"3{Nord}/0000000090", $"1{Nord}", null, "CPE de service", "Refusée : elle ne nomme personne", false),
        new("cde-directeur", CardKind.Cde, "Gérard", "Tavernier", $"3{Nord}/0000000099", $"3{Nord}", null, "CDE — directeur", "Refusée : représentant légal", false),
        new("cda-directrice", CardKind.Cda, "Monique", "Estève", $"5{Association}/0000000099", $"3{Association}", null, "CDA — directrice d'association", "Refusée : représentante de structure autorisée", false),
        Staff("cpa-sans-role", "Paul", "Ricard-Blanc", Association, 1, "CPA — sans rôle", "Refusée : aucun rôle accordé", opens: false),
        Employee("cpe-ehpad", "Aline", "Courtois", Ehpad, 1, "CPE nominative — EHPAD", "Refusée : catégorie d'établissement non ouverte", opens: false),
        Employee("cpe-expiree", "Denis", "Hamelin", Nord, 4, "CPE nominative — expirée", "Refusée : la carte a plus de trois ans", DeckCardState.Expired),
        Employee("cpe-opposee", "Sylvie", "Baudoin", Nord, 5, "CPE nominative — en opposition", "Refusée : déclarée perdue", DeckCardState.Revoked),
    ];

    public static DeckCard? Find(string id) => Cards.FirstOrDefault(card => card.Id == id);

    private static DeckCard Employee(string id, string given, string family, string finess, int number, string title, string detail, DeckCardState state = DeckCardState.Good, bool opens = true) =>
        new(id, CardKind.CpeNominative, given, family, $"3{finess}/{number:0000000000}", $"3{finess}", null, title, detail, opens && state == DeckCardState.Good, state);

    private static DeckCard Professional(string id, CardKind kind, string given, string family, string rpps, string profession, string title, string detail, bool opens = true) =>
        new(id, kind, given, family, $"8{rpps}", null, profession, title, detail, opens);

    private static DeckCard Staff(string id, string given, string family, string siret, int number, string title, string detail, bool opens = true) =>
        new(id, CardKind.Cpa, given, family, $"5{siret}/{number:0000000000}", $"3{siret}", null, title, detail, opens);
}
