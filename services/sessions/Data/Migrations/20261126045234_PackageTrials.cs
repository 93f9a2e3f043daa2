using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Sessions.Data.Migrations
{
    /// <inheritdoc />
    internal sealed partial class PackageTrials : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "package_trials",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AccessId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Post = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Function = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Failed = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    Ticket = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_package_trials", x => x.Id);
                    table.ForeignKey(
                        name: "FK_package_trials_package_accesses_AccessId",
                        column: x => x.AccessId,
                        principalTable: "package_accesses",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_package_trials_AccessId",
                table: "package_trials",
                column: "AccessId");

            migrationBuilder.CreateIndex(
                name: "IX_package_trials_At",
                table: "package_trials",
                column: "At");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "package_trials");
        }
    }
}
