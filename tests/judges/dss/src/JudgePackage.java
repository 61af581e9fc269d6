import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;

/** Asks EU DSS about packages: {@code JudgePackage ROOT.der PACKAGE...}; one line of JSON for each, no network. */
public final class JudgePackage {

    private JudgePackage() {
    }

    public static void main(String[] arguments) {
        CertificateToken root = DSSUtils.loadCertificate(new File(arguments[0]));
        for (int i = 1; i < arguments.length; i++) {
            System.out.println(judge(root, new File(arguments[i])));
        }
    }

    private static String judge(CertificateToken root, File file) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(root);
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        StringBuilder line = new StringBuilder("{\"file\":\"" + file.getName() + "\"");
        try {
            SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(file));
            validator.setCertificateVerifier(verifier);
            Reports reports = validator.validateDocument();
            DiagnosticData data = reports.getDiagnosticData();
            SimpleReport simple = reports.getSimpleReport();
            line.append(",\"container\":\"").append(data.getContainerType()).append('"');
            line.append(",\"mimetype_present\":").append(data.isMimetypeFilePresent());
            line.append(",\"timestamps\":[");
            String separator = "";
            for (TimestampWrapper token : data.getTimestampList()) {
                line.append(separator).append("{\"imprint_found\":").append(token.isMessageImprintDataFound());
                line.append(",\"imprint_intact\":").append(token.isMessageImprintDataIntact());
                line.append(",\"signature_intact\":").append(token.isSignatureIntact());
                line.append(",\"trusted_chain\":").append(token.isTrustedChain());
                line.append(",\"covers\":").append(token.getTimestampScopes().size());
                line.append(",\"errors\":").append(simple.getAdESValidationErrors(token.getId()).size());
                simple.getAdESValidationErrors(token.getId()).forEach(m -> System.err.println("  " + m.getValue()));
                line.append(",\"time\":\"").append(token.getProductionTime().toInstant()).append('"');
                line.append(",\"indication\":\"").append(simple.getIndication(token.getId())).append('"');
                line.append(",\"sub\":\"").append(simple.getSubIndication(token.getId())).append("\"}");
                separator = ",";
            }
            return line.append("]}").toString();
        } catch (RuntimeException refused) {
            String words = String.valueOf(refused.getMessage()).replace('"', '\'').replace('\n', ' ').replace('\\', '/');
            return line.append(",\"refused\":\"").append(words).append("\"}").toString();
        }
    }
}
