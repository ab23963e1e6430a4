größe = 3
naïve_π = 3.14
日本 = "nihon"


def añadir(α, β):
    return α + β


print(größe, naïve_π, 日本)
añadir(größe, 4)
